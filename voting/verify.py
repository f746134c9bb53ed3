#!/usr/bin/env python3
"""Verify the publication of a vote: python3 verify.py [DIR] [--code CODE] [--held FILE] [--lang ro|en]

One file for Python 3.9 or newer: nothing to install, no network, no code of the program that counted.
Exit 0: all that could be checked holds. 1: something is wrong. 2: DIR is no publication.
"""

# ruff: noqa: E401, E701, E704, I001, S603, B905, SIM905
# fmt: off
import argparse, base64, csv, hashlib, heapq, itertools, json, os, re, shutil, subprocess, sys, tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path

WORDS = """
no_set | {0} nu e o publicare completă: {1} lipsește sau nu poate fi citit. | {0} is no whole publication: {1} is missing or cannot be read.
unread | Ceva lipsește sau nu are forma așteptată ({0}: {1}). | Something is missing or not of the expected form ({0}: {1}).
sums | Fișierul {0} nu are suma din SHA256SUMS: a fost schimbat sau lipsește. | File {0} does not have its sum in SHA256SUMS: it was changed or is missing.
told | {0} spune {1}, dar din restul publicării reiese {2}. | {0} says {1}, but the rest of the publication gives {2}.
line | {0}, {1}: nu e la locul lui sau nu se potrivește cu restul. | {0}, {1}: it is not at its place or does not agree with the rest.
signed | Semnătura din {0} nu e a cheii din log-key.pem. | The signature in {0} is not of the key in log-key.pem.
unsigned | NEVERIFICAT: semnătura din {0}; pentru ea trebuie programul openssl, versiunea 1.1.1 sau mai nouă. | UNCHECKED: the signature in {0}; it takes the program openssl, version 1.1.1 or newer.
step | „{0}” lipsește din procesul-verbal sau din dosar, ori nu are amprenta lui. | “{0}” is missing from the minutes or the folder, or does not have its hash.
roll | Sunt {0} buletine, dar numai {1} oameni pe lista de participanți. | There are {0} ballots, but only {1} people on the list of participants.
won | {0}: numărând după regulă câștigă {1}, iar rezultatul spune {2}. | {0}: counted by the rule the winners are {1}, the result says {2}.
rule | NEVERIFICAT: câștigătorii {0}; regula {1} nu se numără aici (folosiți civic count). | UNCHECKED: the winners of {0}; the rule {1} is not counted here (use civic count).
plan | Planul înghețat are amprenta {0}. | The frozen plan has the fingerprint {0}.
leaves | Frunze: {0} (buletine valabile: {1}; înlocuite sau anulate: {2}). Rădăcina lor e {3}. | {0} leaves: {1} live ballots, {2} replaced or voided. Their root is {3}.
by_root | NEVERIFICAT: legătura dintre coduri și alegeri; ea nu se publică, așa că lista codurilor e verificată numai ca întreg, prin rădăcină. | UNCHECKED: which code chose what; this is not published, so leaves are checked through the root alone.
ok_signed | Semnătura din {1} e a cheii {0}. | The signature in {1} is of the key {0}.
ok_held | {0}: lista publicată o respectă. | {0}: the published list keeps it.
broken | {0}: lista publicată NU o respectă. Păstrați fișierul și contestați rezultatul. | {0}: the published list does NOT keep it. Keep the file and contest the result.
counting | Număr din nou {0} după regula {1}; la equal-shares poate dura câteva minute. | Counting {0} again by the rule {1}; equal-shares may take some minutes.
ok_won | {0}: câștigă {1}. | {0}: the winners are {1}.
ballot | Codul {0} e în listă și buletinul a fost numărat. | The code {0} is in the list and its ballot was counted.
replaced | Codul {0} e în listă, dar buletinul a fost înlocuit cu unul mai nou sau anulat. | The code {0} is in the list, but its ballot was replaced by a newer one or voided.
missing | Codul {0} NU e în listă. Verificați că e copiat bine; dacă e cel de pe dovadă, contestați rezultatul. | The code {0} is NOT in the list. Check that it is copied right; if it is the one on your receipt, contest the result.
chose | Buletinul alege: {0}. | The ballot chooses: {0}.
end_bad | Sunt greșite {0} lucruri. Păstrați dosarul și contestați rezultatul. | {0} things are wrong. Keep the folder and contest the result.
end_ok | Tot ce s-a putut verifica e în regulă: sumele fișierelor, planul, frunzele și anulările, punctele de control, procesul-verbal, numărul de buletine și câștigătorii. | All that could be checked holds: sums of files, plan, leaves and voids, checkpoints, minutes, numbers of ballots, winners.
limits | Nu se poate ști de aici dacă cine a votat avea dreptul, dacă cineva a fost împiedicat să voteze, dacă buletinul tău e în listă (caută-l cu --code; promisiunea de pe dovadă sau un punct de control primit se verifică cu --held), nici dacă planul și cheia sunt cele arătate înainte de vot: compară amprentele de mai sus cu cele notate atunci. | From here nobody can know whether those who voted were entitled to, whether anybody was kept from voting, whether your own ballot is listed (look with --code; check a receipt's promise or a checkpoint that was sent with --held), or whether plan and key are those shown before the vote: compare the fingerprints above with those noted then.
"""
NEEDED = "SHA256SUMS plan.json result.json minutes.json roll.json leaves.csv log-key.pem".split()
STEPS = "closed participation copied checkpoint dropped keys_destroyed opened counted published".split()
ED25519 = bytes.fromhex("302a300506032b6570032100")
CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")

class Report:
    """Says what holds and what does not, in the reader's language, and counts what is wrong."""
    def __init__(self, language):
        rows = [line.split(" | ") for line in WORDS.strip().splitlines()]
        self.words, self.wrong = {row[0]: row[1 + (language != "ro")] for row in rows}, 0
    def say(self, name, *values, mark="    "):
        sys.stdout.write(("OK  " if name[:3] == "ok_" else mark) + self.words[name].format(*values) + "\n")
    def check(self, holds, name, *values):
        self.wrong += not holds
        holds or self.wrong > 20 or self.say(name, *values, mark="!!  ")
    def same(self, place, told, found): self.check(told == found, "told", place, told, found)

def sha(data):
    """SHA-256."""
    return hashlib.sha256(data).digest()

def code_of(leaf):
    """The tracking code: the first 100 bits of a leaf in Crockford's base 32."""
    letters = base64.b32encode(leaf[:15])[:20].translate(CROCKFORD).decode()
    return "-".join(letters[at : at + 4] for at in range(0, 20, 4))

def merkle_root(level):
    """The root of RFC 6962 over leaf hashes."""
    while len(level) > 1:
        level = [sha(b"\1" + b"".join(level[at : at + 2])) if at + 1 < len(level) else level[at] for at in range(0, len(level), 2)]
    return level[0] if level else sha(b"")

class Pot:
    """One budget, counted exactly from the plan and `ballots`: (codes, points or None) -> how many cast just this."""
    def __init__(self, plan, number, ballots):
        self.rule, self.voters = plan["rule"], sum(ballots.values())
        together = plan.get("pot_counting") == "combined" and number == plan["pots"][0]["id"]
        self.budget = sum(Fraction(pot["amount"]) for pot in plan["pots"] if together or pot["id"] == number)
        own = {p["code"]: p for p in plan["projects"] if together or p["pot_id"] == number}
        self.cost = {code: Fraction(p["cost"]) for code, p in own.items()}
        groups = {group["id"]: group for group in plan["groups"]}
        self.group = {code: groups[p["group_id"]]["name"] for code, p in own.items()}
        used = [groups[one] for one in {p["group_id"] for p in own.values()}]
        kinds, most = [group["ballot_kind"] for group in used], [group["max_choices"] for group in used]
        alone = {"choose_one": "choose-1"} if len(kinds) == 1 else {}
        self.kind = {"points": "cumulative", "ordinal": "ordinal", **alone}.get(kinds[0], "approval")
        self.longest = plan.get("ordinal_length") or (sum(most) if plan["kind"] != "recorded" and all(most) else None)
        self.sets = [{*s["projects"]} for s in plan.get("exclusive_sets", ()) if {*s["projects"]} <= {*own}]
        self.ballots = [(self.points_of(*ballot), voters) for ballot, voters in ballots.items()]
        self.votes, self.score = dict.fromkeys(own, 0), dict.fromkeys(own, 0)
        kind, _, rest = self.rule.get("tie_break", "file").partition(":")
        last = {"seed": lambda code: sha(f"{rest}|{code}".encode()).hex(), "order": rest.split(",").index, "file": str}[kind]
        for points, voters in self.ballots:
            for code, given in points.items():
                self.votes[code] += voters
                self.score[code] += given * voters
        order = sorted(own, key=lambda code: (self.cost[code], -self.votes[code], last(code), code))
        self.rank = {code: place for place, code in enumerate(order)}
        least = Fraction(self.rule.get("min_score") or 0)
        self.fit = [code for code, p in own.items() if not p["withdrawn"] and self.score[code] >= least]
        self.most = len(own) if self.rule.get("max_winners") is None else self.rule["max_winners"]
    def points_of(self, codes, points):
        """What a ballot gives to each project it names."""
        if self.kind == "ordinal":
            table = [int(one) for one in (self.rule.get("rank_scores") or "").split(",") if one]
            longest = self.longest or len(codes)
            points = table + [0] * len(codes) if table else [max(0, longest - at) for at in range(len(codes))]
        return dict(zip(codes, points)) if points else dict.fromkeys(codes, 1)
    def spent(self, won): return sum(self.cost[code] for code in won)
    def beaten(self, code, won):
        """Whether another project of an exclusive set has won."""
        return any(code in one and not one.isdisjoint(won) for one in self.sets)
    def greedy(self, rule, already=()):
        """By score while the money lasts; a near miss takes all that is left and ends the count. And what it lacks."""
        won, left = list(already), self.budget - self.spent(already)
        order = sorted((p for p in self.fit if self.score[p] > 0), key=lambda p: (-self.score[p], self.rank[p]))
        if rule.get("group_winners_first"):
            best = {self.group[code]: code for code in reversed(order)}
            order.sort(key=lambda code: best[self.group[code]] != code)
        share, limit = (rule.get(name) and Fraction(rule[name]) for name in ("top_up_share", "top_up_limit"))
        for code in order:
            lacking = self.cost[code] - left
            if code in won or self.beaten(code, won): continue
            if len(won) >= self.most: break
            if lacking <= 0:
                won.append(code)
                left = -lacking
            elif (left > 0 and (share or limit) and (not share or self.cost[code] * share <= left) and (not limit or lacking <= limit)):
                return [*won, code], lacking
            elif rule["name"] in ("greedy-no-skip", "greedy-custom"):
                break
        return won, 0
    def equal_shares(self):
        """The method of equal shares with its completion."""
        rule, friends = self.rule, {code: [] for code in self.cost}
        for at, (points, _) in enumerate(self.ballots):
            for code, given in points.items():
                if given or rule["satisfaction"] != "points":
                    friends[code].append((at, given if rule["satisfaction"] == "points" else 1))
        units = {code: sum(worth * self.ballots[at][1] for at, worth in friends[code]) for code in self.cost}
        able = [code for code in self.fit if units[code]]
        start = Fraction(self.budget) / (self.voters or 1)
        start -= start % 1 if rule["start"] == "floor" else 0
        won = self.buy(start, able, friends, units)
        if rule["completion"] in ("add1", "add1u", "comparison"):
            while self.short and len(won) < len(able):
                left = self.budget - self.spent(won)
                waiting = [c for c in able if c not in won and not self.beaten(c, won) and len(won) < self.most]
                if rule["stop_when_exhaustive"] and all(self.cost[code] > left for code in waiting): break
                start += Fraction(rule["increment"])
                more = self.buy(start, able, friends, units)
                if self.spent(more) > self.budget: break
                won = more
        if rule["completion"] in ("greedy", "add1u"):
            won = self.greedy({"name": "greedy"}, won)[0]
        elif rule["completion"].endswith("comparison"):
            other = self.greedy({"name": "greedy"})[0]
            more = [(len(points.keys() & other) - len(points.keys() & won), voters) for points, voters in self.ballots]
            won = other if sum(voters * ((one > 0) - (one < 0)) for one, voters in more) > 0 else won
        return won, 0
    def buy(self, start, able, friends, units):
        """What is bought when each starts with `start`: always what is cheapest for its supporters. Ballots point to few purses."""
        purses, purse_of, won, self.short = [start, Fraction(0)], [0] * len(self.ballots), [], False
        scale = {code: (self.rule["satisfaction"] == "cost" and self.cost[code]) or 1 for code in able}
        heap = [(self.cost[code] / units[code] / scale[code], self.rank[code], -1, code, 0) for code in able]
        heapq.heapify(heap)
        while heap and len(won) < self.most:
            _, _, asked, code, price = heapq.heappop(heap)
            if self.beaten(code, won): continue
            if asked < len(won):
                price = self.price(self.cost[code], friends[code], purses, purse_of)
                price is None or heapq.heappush(heap, (price / scale[code], self.rank[code], len(won), code, price))
                continue
            won.append(code)
            paid = {}
            for at, worth in friends[code]:
                key = purse_of[at], worth
                if key not in paid:
                    left = purses[key[0]] - price * worth
                    paid[key] = len(purses) if left > 0 else 1
                    purses.append(left)
                purse_of[at] = paid[key]
        return won
    def price(self, rest, friends, purses, purse_of):
        """The least price of one unit at which supporters pay the cost; `short`: with more money somebody would pay more."""
        alike = Counter()
        for at, worth in friends:
            alike[purse_of[at], worth] += self.ballots[at][1]
        units = sum(worth * voters for (_, worth), voters in alike.items())
        rows = [(purses[one] if worth == 1 else purses[one] / worth, worth, n) for (one, worth), n in alike.items()]
        for _, most, worth, voters in sorted((float(row[0]), *row) for row in rows):  # floats only make it quick
            if rest <= units * most:
                return rest / units
            self.short = True
            rest, units = rest - most * worth * voters, units - worth * voters
        return None

def read_pb(file):
    """The META, the PROJECTS by code and the rows of VOTES of a .pb file."""
    parts = [[]]
    with file.open(encoding="utf-8", newline="") as handle:
        for row in csv.reader(handle, delimiter=";"):
            parts.append([]) if row in (["META"], ["PROJECTS"], ["VOTES"]) else parts[-1].append(row)
    _, meta, projects, votes = parts
    return dict(meta), {row[0]: dict(zip(projects[0], row)) for row in projects[1:]}, votes[1:]

def read_texts(file):
    """The texts of ballots with what each chooses: code -> "+", points, or place."""
    for text in re.split(r"(?m)^(?=civic-ballot 1$)", file.read_text(encoding="utf-8"))[1:]:
        chosen = [line.split(" ", 1) for line in text.split("\n")[2:-2] if not line.startswith("group ")]
        yield text, {code: given for given, code in chosen}

def openssl_says(pem, message, signature):
    """Whether the signature is valid: True, False, or None where openssl is missing or too old."""
    program = shutil.which("openssl")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "m").write_bytes(message)
        Path(folder, "s").write_bytes(signature)
        options = ["-verify", "-pubin", "-inkey", str(pem.resolve()), "-rawin", "-in", "m", "-sigfile", "s"]
        ran = program and subprocess.run([program, "pkeyutl", *options], cwd=folder, capture_output=True, check=False)
    told = ran and (ran.returncode == 0 or b"erification" in ran.stdout + ran.stderr)
    return ran.returncode == 0 if told else None

class Publication:
    """The folder: what it says in one file against what it says in the others."""
    def __init__(self, path, report):
        self.path, self.report, self.kinds, self.chosen, self.batch = path, report, {}, {}, {}
        self.plan, self.result, self.minutes, self.roll = (json.loads((path / name).read_bytes()) for name in NEEDED[1:5])
        self.open, self.fingerprint = self.plan["publication_mode"] == "open", sha((path / NEEDED[1]).read_bytes()).hex()
        self.sums = dict(line.split("  ", 1)[::-1] for line in (path / "SHA256SUMS").read_text().splitlines())
    def verify(self, code, held):
        for part in (self.files, self.leaves, self.checkpoints, self.sizes, self.pots, *[self.held] * bool(held)):
            try:
                part(*[held] * (part == self.held))
            except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError) as error:
                self.report.check(False, "unread", part.__name__, repr(error))
        if code:
            typed = "".join(filter(str.isalnum, code.upper())).translate(str.maketrans("OIL", "011"))
            found = [leaf for leaf, kind in self.kinds.items() if kind != "void" and code_of(leaf).replace("-", "") == typed]
            self.report.check(found, "missing", code)
            titles = {p["code"]: f"{p['code']} {p['title']}" for p in self.plan["projects"]}
            for leaf in found:
                self.report.say(self.kinds[leaf], code_of(leaf))
                leaf in self.chosen and self.report.say("chose", ", ".join(titles[one] for one in self.chosen[leaf]) or "–")
    def files(self):
        for name, told in sorted(self.sums.items()):
            self.report.check((self.path / name).is_file() and sha((self.path / name).read_bytes()).hex() == told, "sums", name)
        self.report.same("result.json: plan_sha256", self.result["plan_sha256"], self.fingerprint)
        for name in ("rule", "publication_mode", "currency"):
            self.report.same(f"result.json: {name}", self.result[name], self.plan[name])
        self.report.say("plan", self.fingerprint)
    def leaves(self):
        check, voids, last = self.report.check, {}, b""
        with (self.path / "leaves.csv").open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                leaf, kind, target = bytes.fromhex(row["leaf"]), row["kind"], bytes.fromhex(row["target"])
                fits = kind in (("void",) if target else ("ballot", "replaced")) and len(leaf) == 32 and leaf > last
                check(fits and row["code"] == ("" if target else code_of(leaf)), "line", "leaves.csv", row["leaf"])
                self.kinds[leaf], self.batch[leaf], last = kind, int(row.get("batch") or 1), leaf
                voids.update({leaf: target} if target else {})
        for leaf, target in voids.items():
            words = f"civic-void 1\nround {self.fingerprint}\ntarget {target.hex()}\n"
            fits = self.kinds.get(target) == "replaced" and self.batch[target] <= self.batch[leaf]
            check(fits and leaf == sha(b"\0" + words.encode()), "line", "leaves.csv", f"void {leaf.hex()}")
        self.order = sorted(self.kinds, key=lambda leaf: (self.batch[leaf], leaf))
        self.count, self.root = Counter(self.kinds.values()), merkle_root(self.order)
        self.report.same("leaves.csv: void", len(set(voids.values())), self.count["replaced"])
        rejected = {bytes.fromhex(one["leaf"]) for one in self.result["rejected"]}
        for text, chosen in read_texts(self.path / "ballots.txt") if self.open else ():
            leaf = sha(b"\0" + text.encode())
            fits = self.kinds.get(leaf) == "ballot" and leaf not in rejected and leaf > next(reversed(self.chosen), b"")
            check(fits and text.split("\n")[1] == f"round {self.fingerprint}", "line", "ballots.txt", code_of(leaf))
            self.chosen[leaf] = chosen
        self.opened = self.count["ballot"] - len(rejected)
        self.report.same("ballots.txt", len(self.chosen), self.opened if self.open else 0)
        self.report.say("leaves", len(self.kinds), self.count["ballot"], self.count["replaced"], self.root.hex())
        self.open or self.report.say("by_root")
    def note(self, name):  # what it says: how many leaves and which root; or that it is a promise and of which leaf
        pem = self.path / "log-key.pem"
        key = base64.b64decode("".join(pem.read_text().split("\n")[1:-2]))
        text, _, line = (self.path / name).read_text(encoding="utf-8").partition("\n\n")
        (origin, size, root), (_, signer, signed) = text.split("\n"), line.split()
        signature = base64.b64decode(signed)
        says = openssl_says(pem, f"{text}\n".encode(), signature[4:])
        named = signature[:4] == sha(signer.encode() + b"\n\1" + key[12:])[:4]
        fits = named and key[:12] == ED25519 and origin == signer and says is not False
        self.report.check(fits, "signed", name)
        fits and self.report.say(*("ok_signed", sha(key).hex(), name) if says else ("unsigned", name))
        return size, base64.b64decode(root)
    def held(self, file):
        size, kept = self.note(file.resolve())
        keeps = kept in self.kinds if size == "promise" else len(self.order) >= int(size) and kept == merkle_root(self.order[: int(size)])
        self.report.check(keeps, "broken", file)
        keeps and self.report.say("ok_held", file)
    def checkpoints(self):
        sizes = sorted({*itertools.accumulate(n for _, n in sorted(Counter(self.batch.values()).items()))} or {0})
        names = sorted(int(name[12:-4]) for name in self.sums if name.startswith("checkpoints/"))
        self.report.same("checkpoints/", names, sizes)
        for number in names:
            name = f"checkpoints/{number}.txt"
            size, root = self.note(name)
            self.report.same(name, f"{size} {root.hex()}", f"{number} {merkle_root(self.order[:number]).hex()}")
    def sizes(self):
        steps, live, close = {one["step"]: one for one in self.minutes["steps"]}, self.count["ballot"], self.roll["close"]
        for name in [*STEPS, *(name for name in steps if name not in STEPS)]:
            words = json.dumps(steps.get(name, {}).get("details"), sort_keys=True, separators=(",", ":"))
            self.report.check(name in steps and sha(words.encode()).hex() == steps[name]["hash"], "step", name)
        said, opening, before = {name: one["details"] for name, one in steps.items()}, self.roll["opening"], self.plan["roll"]
        voided, out, areas = said["participation"]["voided"], self.paper(said["copied"].get("paper", {"marks": 0, "ballots": 0})), {str(one["id"]): one["people"] for one in close["areas"]}
        for place, told, found in (
            ("result.json: leaves", self.result["leaves"], {"live": live, "replaced_or_voided": self.count["replaced"], "voids": self.count["void"], "voided_by_two_people": voided}),
            ("minutes.json: box", [said["closed"]["box"] - voided - out, said["participation"]["participants"] - out], [live] * 2),
            ("minutes.json: copied: root", said["copied"]["root"], self.root.hex()),
            ("minutes.json: checkpoint: key", said["checkpoint"]["key"], (self.path / "log-key.pem").read_text()),
            ("result.json: identity_complaints", self.result.get("identity_complaints"), said["closed"].get("complaints")),
            ("minutes.json: opened", said["opened"], {key: self.result[key] for key in ("opened", "rejected")}),
            ("minutes.json: counted", [said["counted"]["ballots"], self.result["opened"]], [self.opened] * 2),
            ("minutes.json: input", [said["counted"]["input"], *said["dropped"], *said["keys_destroyed"]], [self.result["input_sha256"], "dropped", "destroyed"]),
            ("roll.json: people", [close["people"], sum(areas.values()) or close["people"]], [said["closed"]["roll"]] * 2),
            ("roll.json: close", [close["fingerprint"], areas], [said["closed"].get("roll_fingerprint"), said["closed"].get("areas", {})]),
            ("roll.json: opening", [opening["fingerprint"], opening["people"]], [before["fingerprint"], before.get("people")]),
        ):
            self.report.same(place, told, found)
        self.report.check(live <= close["people"], "roll", live, close["people"])
    def paper(self, told):  # how many sheets gave no ballot; every batch adds up, and its dice choose the sheets compared
        batches = json.loads((self.path / "paper.json").read_bytes())["batches"] if "paper.json" in self.sums else []
        for one in batches:
            last = one["samples"][-1] if one["returned"] else {"dice": "", "sheets": [], "different": []}
            drawn = sorted(one["sheets"], key=lambda sheet: sha(f"{last['dice']}|{sheet}".encode()))[: max(len(last["sheets"]), min(99, one["returned"]))]
            self.report.same(f"paper.json: {one['batch']}", [one["marks"], one["returned"], len({*one["sheets"]}), last["sheets"], last["different"], one["counted"] <= one["marks"]], [one["returned"] + one["spoilt"] + one["not_returned"], one["counted"] + one["blank"] + one["rejected"], one["returned"], sorted(drawn), [], True])
        self.report.same("paper.json", {"marks": sum(one["marks"] for one in batches), "ballots": sum(one["counted"] for one in batches)}, told)
        return told["marks"] - told["ballots"]
    def pots(self):
        same, check, first = self.report.same, self.report.check, self.plan["pots"][0]["id"]
        numbers = {first if self.plan.get("pot_counting") == "combined" else p["pot_id"] for p in self.plan["projects"]}
        same("result.json: pots", [one["id"] for one in self.result["pots"]], sorted(numbers))
        counted = {step["step"]: step["details"] for step in self.minutes["steps"]}["counted"]
        for told in self.result["pots"]:
            name, (meta, projects, votes) = told["file"], read_pb(self.path / told["file"])
            width = len(votes[0]) - self.open if votes else 2
            pot = Pot(self.plan, told["id"], {
                (tuple(row[0].split(",")), tuple(map(Fraction, row[1].split(","))) if row[1:] else None): number
                for row, number in Counter(tuple(row[1:width]) for row in votes).items()})
            wanted = [] if self.open else sorted(row[1:] for row in votes)
            for leaf, chosen in sorted(self.chosen.items()):
                codes = [code for code in (chosen if pot.kind == "ordinal" else sorted(chosen)) if code in pot.cost]
                points = [",".join(chosen[code] for code in codes)] * (pot.kind == "cumulative")
                wanted += [[",".join(codes), *points, code_of(leaf)]] * bool(codes)
            for number, (row, right) in enumerate(zip(votes, wanted), start=1):
                check(row == [str(number), *right], "line", name, f"VOTES {number}")
            number = len(wanted) if self.open else told["ballots"]
            digest = sha("".join(sorted(";".join(row[1:width]) + "\n" for row in votes)).encode()).hex()
            for place, one, other in (
                ("ballots", [len(votes), told["ballots"], int(meta["num_votes"])], [number] * 3),
                ("VOTES SHA-256", counted.get("votes", {}).get(str(told["id"]), digest), digest),
                ("vote_type", meta["vote_type"], pot.kind),
                ("budget", [Fraction(meta["budget"]), Fraction(told["budget"])], [pot.budget] * 2),
                ("selected", sorted(code for code in projects if projects[code]["selected"] == "1"), sorted(told["winners"])),
                ("standing", sorted(p["code"] for p in told["projects"] if p["standing"] == "winner"), sorted(told["winners"])),
            ):
                same(f"{name}: {place}", one, other)
            check(len(votes) <= self.opened, "roll", len(votes), self.opened)
            for rows in (projects, {one["code"]: one for one in told["projects"]}):
                same(name, {*rows}, {*pot.cost})
                for code, row in rows.items():
                    same(f"{name}: {code}", [str(Fraction(row[key])) for key in ("cost", "votes", "score")], [str(figures[code]) for figures in (pot.cost, pot.votes, pot.score)])
            if pot.rule["name"] == "phragmen":
                self.report.say("rule", told["name"], pot.rule["name"])
                continue
            self.report.say("counting", told["name"], pot.rule["name"])
            won, lacking = pot.equal_shares() if pot.rule["name"] == "equal-shares" else pot.greedy(pot.rule)
            check(won == told["winners"], "won", told["name"], ", ".join(won), ", ".join(told["winners"]))
            same(f"{name}: spent", Fraction(told["spent"]), pot.spent(won) - lacking)
            won == told["winners"] and self.report.say("ok_won", told["name"], ", ".join(won) or "–")

def main():
    """Read the arguments, verify, say what holds."""
    parser = argparse.ArgumentParser(description="Verifică publicarea unui vot / Verify the publication of a vote")
    parser.add_argument("folder", metavar="DIR", nargs="?", default=str(Path(__file__).parent))
    parser.add_argument("--code", help="codul de pe dovadă / the code on your receipt")
    parser.add_argument("--held", metavar="FILE", type=Path, help="o promisiune sau un punct de control / a promise or a checkpoint")
    language = os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    parser.add_argument("--lang", choices=("ro", "en"), default="ro" if language[:2] == "ro" else "en")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    path, report = Path(arguments.folder), Report(arguments.lang)
    try:
        publication = Publication(path, report)
    except (OSError, LookupError, TypeError, ValueError) as error:
        report.say("no_set", path, ", ".join(name for name in NEEDED if not (path / name).is_file()) or error)
        return 2
    publication.verify(arguments.code, arguments.held)
    report.say("end_bad" if report.wrong else "end_ok", report.wrong)
    report.say("limits")
    return min(report.wrong, 1)

if __name__ == "__main__":
    sys.exit(main())
