"""Is the process alive, and is the product ready: for load balancers and for `make run`."""

from flask import Blueprint, Flask, Response, jsonify
from sqlalchemy import select

from civic import clock, database
from civic.extensions import db, limiter
from civic.jobs import HEARTBEAT_STALE_SECONDS, WorkerHeartbeat
from civic.policy import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
@limiter.exempt
def healthz() -> Response:
    """The process answers. Touches nothing else."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
@limiter.exempt
def readyz() -> tuple[Response, int]:
    """Database, migrations and worker: each `ok` or what is wrong; 200 only when all are."""
    checks = {"database": "ok", "migrations": "ok", "worker": "ok"}
    try:
        revision = database.current_revision(db.session.connection())
        if revision != database.script_head():
            checks["migrations"] = f"at {revision}, expected {database.script_head()}"
        last_beat = db.session.scalar(select(WorkerHeartbeat.at))
        if last_beat is None:
            checks["worker"] = "never started"
        elif (silence := (clock.now() - last_beat).total_seconds()) > HEARTBEAT_STALE_SECONDS:
            checks["worker"] = f"silent for {silence:.0f} seconds"
    except Exception as error:
        db.session.rollback()
        checks["database"] = type(error).__name__
    ready = all(state == "ok" for state in checks.values())
    return jsonify(status="ok" if ready else "not ready", checks=checks), 200 if ready else 503


def init_app(app: Flask) -> None:
    """Register the two addresses."""
    app.register_blueprint(blueprint)
