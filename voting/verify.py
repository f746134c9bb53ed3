#!/usr/bin/env python3
"""Verify the publication of a vote: python3 verify.py [DIR] [--code CODE] [--held FILE] [--lang ro|en]

One file for Python 3.9 or newer: nothing to install, no network, no code of the program that counted.
Exit 0: all that could be checked holds. 1: something is wrong. 2: DIR is no publication. Whatever a set holds, it ends so.
"""

# ruff: noqa: B905, D103, E401, E701, E704, I001, PTH113, S603, SIM905
# fmt: off
import argparse, base64, csv, hashlib, heapq, io, itertools, json, math, os, re, shutil, subprocess, sys, tempfile
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
key | Cheia din log-key.pem are amprenta {0}. | The key in log-key.pem has the fingerprint {0}.
step | „{0}” lipsește din procesul-verbal sau din dosar, ori nu are amprenta lui. | “{0}” is missing from the minutes or the folder, or does not have its hash.
roll | Sunt {0} buletine, dar numai {1} oameni pe lista de participanți. | There are {0} ballots, but only {1} people on the list of participants.
unlawful | {0}: buletinul {1} nu respectă regula părții lui. | {0}: the ballot {1} breaks the rule of its part.
won | {0}: numărând după regulă câștigă {1}, iar rezultatul spune {2}. | {0}: counted by the rule the winners are {1}, the result says {2}.
rule | NEVERIFICAT: câștigătorii {0}; regula {1} nu se numără aici (folosiți civic count). | UNCHECKED: the winners of {0}; the rule {1} is not counted here (use civic count).
plan | Planul înghețat are amprenta {0}. | The frozen plan has the fingerprint {0}.
leaves | Frunze: {0} (buletine valabile: {1}; înlocuite sau anulate: {2}). Rădăcina lor e {3}. | {0} leaves: {1} live ballots, {2} replaced or voided. Their root is {3}.
by_root | NEVERIFICAT: legătura dintre coduri și alegeri; ea nu se publică, așa că lista codurilor e verificată numai ca întreg, prin rădăcină. | UNCHECKED: which code chose what; this is not published, so leaves are checked through the root alone.
ok_signed | Semnătura din {0} e a cheii din log-key.pem. | The signature in {0} is of the key in log-key.pem.
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
        self.words, self.wrong = {row[0]: row[1 + (language != "ro")] for row in (line.split(" | ") for line in WORDS.strip().splitlines())}, 0
    def say(self, name, *values, mark="    "):
        said = ("OK  " if name[:3] == "ok_" else mark) + self.words[name].format(*values)
        sys.stdout.write("".join(one if one.isprintable() else "?" for one in said) + "\n")  # no word of a set steers a terminal
    def check(self, holds, name, *values):
        self.wrong += not holds
        holds or self.wrong > 20 or self.say(name, *values, mark="!!  ")
    def same(self, place, told, found): self.check(told == found, "told", place, told, found)

def sha(data): return hashlib.sha256(data).digest()
def refuse(why): raise ValueError(why)
def exact(told):
    """A number written out in full: 1e999999999 would take forever."""
    return Fraction(told) if re.fullmatch(r"-?[0-9]{1,40}([./][0-9]{1,40})?", str(told)) else refuse(f"no number: {told!r:.60}")
def once(pairs): return dict(pairs) if len(dict(pairs)) == len(pairs) else refuse("something stands twice")
def read_json(data): return json.loads(data, object_pairs_hook=once, parse_constant=exact)
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
        self.budget = sum(exact(pot["amount"]) for pot in plan["pots"] if together or pot["id"] == number)
        own = {p["code"]: p for p in plan["projects"] if together or p["pot_id"] == number}
        self.cost = {code: exact(p["cost"]) for code, p in own.items()}
        self.title, self.part = {code: p.get("title") for code, p in own.items()}, {code: next(group for group in plan["groups"] if group["id"] == p["group_id"]) for code, p in own.items()}
        used = [group for group in plan["groups"] if group in self.part.values()]
        kinds, most = [group["ballot_kind"] for group in used], [group["max_choices"] for group in used]
        alone = {"choose_one": "choose-1"} if len(kinds) == 1 else {}
        self.kind = {"points": "cumulative", "ordinal": "ordinal", **alone}.get(kinds[0], "approval")
        self.longest = plan.get("ordinal_length") or (sum(most) if plan["kind"] != "recorded" and all(most) else None)
        self.sets = [{*s["projects"]} for s in plan.get("exclusive_sets", ()) if {*s["projects"]} <= {*own}]
        self.ballots, self.many = [(self.points_of(*ballot), voters) for ballot, voters in ballots.items()], [*ballots.values()]
        self.votes, self.score = dict.fromkeys(own, 0), dict.fromkeys(own, 0)
        kind, _, rest = self.rule.get("tie_break", "file").partition(":")
        last = {"seed": lambda code: sha(f"{rest}|{code}".encode()).hex(), "order": rest.split(",").index, "file": str}[kind]
        for points, voters in self.ballots:
            for code, given in points.items(): self.votes[code], self.score[code] = self.votes[code] + voters, self.score[code] + given * voters
        self.rank = {code: at for at, code in enumerate(sorted(own, key=lambda code: (self.cost[code], -self.votes[code], last(code), code)))}
        self.fit = [code for code, p in own.items() if not p["withdrawn"] and self.score[code] >= exact(self.rule.get("min_score") or 0)]
        self.most = len(own) if self.rule.get("max_winners") is None else self.rule["max_winners"]
    def points_of(self, codes, points):
        """What a ballot gives to each project it names."""
        if self.kind == "ordinal":
            table = [int(one) for one in (self.rule.get("rank_scores") or "").split(",") if one]
            points = table + [0] * len(codes) if table else [max(0, (self.longest or len(codes)) - at) for at in range(len(codes))]
        return dict(zip(codes, points)) if points else dict.fromkeys(codes, 1)
    def lawful(self, codes, points):
        """Whether a ballot keeps to the rule of each part: how many, how dear, how many points."""
        for part in {self.part[code]["id"]: self.part[code] for code in codes}.values():
            own = {code: given for code, given in zip(codes, points or codes) if self.part[code] is part}
            top = {name: math.inf if part.get(name) is None else exact(part[name]) for name in ("max_choices", "max_cost", "points_total", "points_each")}
            if len(own) > (1 if part["ballot_kind"] == "choose_one" else top["max_choices"]) or self.spent(own) > top["max_cost"]: return False
            if points and not (min(own.values()) > 0 and max(own.values()) <= top["points_each"] and sum(own.values()) <= top["points_total"]): return False
        return len({*codes}) == len(codes) == len(points or codes)
    def spent(self, won): return sum(self.cost[code] for code in won)
    def beaten(self, code, won): return any(code in one and not one.isdisjoint(won) for one in self.sets)
    def greedy(self, rule, already=()):
        """By score while the money lasts; a near miss takes all that is left and ends the count. And what it lacks."""
        won, left = [*already], self.budget - self.spent(already)
        order = sorted((p for p in self.fit if self.score[p] > 0), key=lambda p: (-self.score[p], self.rank[p]))
        if rule.get("group_winners_first"):
            best = {self.part[code]["name"]: code for code in reversed(order)}
            order.sort(key=lambda code: best[self.part[code]["name"]] != code)
        share, limit = (rule.get(name) and exact(rule[name]) for name in ("top_up_share", "top_up_limit"))
        for code in order:
            lacking = self.cost[code] - left
            if code in won or self.beaten(code, won): continue
            if len(won) >= self.most: break
            if lacking <= 0: won, left = [*won, code], -lacking
            elif left > 0 and (share or limit) and (not share or self.cost[code] * share <= left) and (not limit or lacking <= limit): return [*won, code], lacking
            elif rule["name"] in ("greedy-no-skip", "greedy-custom"): break
        return won, 0
    def equal_shares(self):
        """The method of equal shares with its completion."""
        rule, friends = self.rule, {code: {} for code in self.cost}
        for at, (points, _) in enumerate(self.ballots):
            for code, given in points.items():
                worth = given if rule["satisfaction"] == "points" else 1
                worth and friends[code].setdefault(worth, []).append(at)
        whole = math.lcm(*{Fraction(worth).denominator for worths in friends.values() for worth in worths})
        friends = {code: {int(worth * whole): every for worth, every in worths.items()} for code, worths in friends.items()}
        able, start = [code for code in self.fit if friends[code]], Fraction(self.budget) / (self.voters or 1)
        start -= start % 1 if rule["start"] == "floor" else 0
        won = self.buy(start, able, friends)
        if rule["completion"] in ("add1", "add1u", "comparison"):
            exact(rule["increment"]) > 0 or refuse("increment")
            while self.short and len(won) < len(able):
                waiting = [c for c in able if c not in won and not self.beaten(c, won) and len(won) < self.most]
                if rule["stop_when_exhaustive"] and all(self.cost[c] + self.spent(won) > self.budget for c in waiting): break
                start += exact(rule["increment"])
                more = self.buy(start, able, friends)
                if self.spent(more) > self.budget: break
                won = more
        if rule["completion"] in ("greedy", "add1u"): return self.greedy({"name": "greedy"}, won)[0], 0
        if rule["completion"].endswith("comparison"):
            other = self.greedy({"name": "greedy"})[0]
            more = [(len(points.keys() & other) - len(points.keys() & won), voters) for points, voters in self.ballots]
            won = other if sum(voters * ((one > 0) - (one < 0)) for one, voters in more) > 0 else won
        return won, 0
    def weight(self, every): return sum(map(self.many.__getitem__, every))
    def buy(self, start, able, friends):
        """What is bought when each starts with `start`: always what is cheapest for its supporters. Money is in whole numbers
        of a small unit, `fine` of which make 1; every payment makes it as fine as it needs."""
        fine = math.lcm(start.denominator, *(self.cost[code].denominator for code in able))
        money, won, heap, self.short = [int(start * fine)] * len(self.ballots), [], [], False
        scale = {code: (self.rule["satisfaction"] == "cost" and self.cost[code]) or 1 for code in able}
        for code in able:
            units = sum(worth * self.weight(every) for worth, every in friends[code].items())
            price = self.cost[code] / units
            heap.append((price / scale[code], self.rank[code], -1, code, price, [units, dict(friends[code]), []]))
        heapq.heapify(heap)
        while heap and len(won) < self.most:
            _, _, asked, code, price, own = heapq.heappop(heap)
            if self.beaten(code, won): continue
            if asked < len(won):
                price = self.price(int(self.cost[code] * fine), price, own, money, fine)
                price is None or heapq.heappush(heap, (price / scale[code], self.rank[code], len(won), code, price, own))
                continue
            won.append(code)
            finer = math.lcm(fine, price.denominator) // fine
            fine, money = fine * finer, [left * finer for left in money]
            for worth, every in friends[code].items():
                due = int(price * worth * fine)
                for at in every: money[at] = max(0, money[at] - due)
        return won
    def price(self, rest, price, own, money, fine):
        """The least price of one unit at which supporters pay the cost, `rest`, or None. It is not below `price`: who has less
        than that asks gives all, the others share the rest at the next price, until nobody has less (`short`: somebody had).
        `own`: units and supporters, by worth, of those who have enough; the others."""
        own[2] = [at for at in own[2] if money[at]]
        rest -= sum(money[at] * self.many[at] for at in own[2])
        while own[0]:
            for worth, every in own[1].items():
                least = math.ceil(price * worth * fine)
                poor = [at for at in every if money[at] < least]
                if poor:
                    self.short, own[1][worth] = True, [at for at in every if money[at] >= least]
                    own[0], rest = own[0] - worth * self.weight(poor), rest - sum(money[at] * self.many[at] for at in poor)
                    own[2] += poor
            before, price = price, Fraction(rest, own[0] * fine) if own[0] else None
            if price == before: return price
        return None

def read_pb(text):
    """The META, the PROJECTS by code and the rows of VOTES of a .pb file."""
    parts = [[]]
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"): parts.append([]) if row in (["META"], ["PROJECTS"], ["VOTES"]) else parts[-1].append(row)
    _, meta, projects, votes = parts
    return once(meta), once([(row[0], once([*zip(projects[0], row)])) for row in projects[1:]]), votes[1:]
def read_texts(words):
    """The texts of ballots with what each chooses: code -> "+", points, or place."""
    for text in re.split(r"(?m)^(?=civic-ballot 1$)", words)[1:]:
        chosen = [line.split(" ", 1) for line in text.split("\n")[2:-2] if not line.startswith("group ")]
        yield text, {code: given for given, code in chosen}
def openssl_says(key, message, signature):
    """Whether the signature is of the key (DER): True, False, or None where openssl is missing or too old."""
    program = shutil.which("openssl")
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("k", key), ("m", message), ("s", signature)): Path(folder, name).write_bytes(data)
        options = "pkeyutl -verify -pubin -keyform DER -inkey k -rawin -in m -sigfile s".split()
        ran = program and subprocess.run([program, *options], cwd=folder, capture_output=True, check=False)
    return ran.returncode == 0 if ran and (ran.returncode == 0 or b"erification" in ran.stdout + ran.stderr) else None

class Publication:
    """The folder: what it says in one file against what it says in the others."""
    def __init__(self, path, report):
        self.path, self.report, self.kinds, self.chosen, self.batch = path, report, {}, {}, {}
        self.plan, self.result, self.minutes, self.roll = (read_json(self.read(name)) for name in NEEDED[1:5])
        self.open, self.fingerprint = self.plan["publication_mode"] == "open", sha(self.read(NEEDED[1])).hex()
        self.sums = once([line.split("  ", 1)[::-1] for line in self.read(NEEDED[0]).decode().splitlines()])
    def read(self, name):
        """The bytes of a file in the folder: no way out of it, no pipe or device, and no more than 2 GB."""
        file = self.path / name if re.fullmatch(r"(checkpoints/)?\w[\w.-]*", name) else refuse(name)
        return file.read_bytes() if os.path.isfile(file) and file.stat().st_size < 1 << 31 else refuse(name)
    def verify(self, code, held):
        for part, *told in ((self.files,), (self.leaves,), (self.checkpoints,), (self.sizes,), (self.pots,), (self.held, held), (self.code, code)):
            try:
                told == [None] or part(*told)
            except Exception as error:
                self.report.check(False, "unread", part.__name__, f"{error!r:.300}")
    def code(self, code):
        typed = "".join(filter(str.isalnum, code.upper())).translate(str.maketrans("OIL", "011"))
        found = [leaf for leaf, kind in self.kinds.items() if kind != "void" and code_of(leaf).replace("-", "") == typed]
        self.report.check(found, "missing", code)
        titles = {p["code"]: f"{p['code']} {p['title']}" for p in self.plan["projects"]}
        for leaf in found:
            self.report.say(self.kinds[leaf], code_of(leaf))
            leaf in self.chosen and self.report.say("chose", ", ".join(titles[one] for one in self.chosen[leaf]) or "–")
    def files(self):
        for name, told in sorted(self.sums.items()):
            self.report.check(os.path.isfile(self.path / name) and sha(self.read(name)).hex() == told, "sums", name)
        self.report.same("result.json: plan_sha256", self.result["plan_sha256"], self.fingerprint)
        for name in ("rule", "publication_mode", "currency"): self.report.same(f"result.json: {name}", self.result[name], self.plan[name])
        self.key = base64.b64decode("".join(self.read("log-key.pem").decode().split("\n")[1:-2]))
        for name, found in (("plan", self.fingerprint), ("key", sha(self.key).hex())): self.report.say(name, found)
    def leaves(self):
        check, voids, last = self.report.check, {}, b""
        for row in csv.DictReader(io.StringIO(self.read("leaves.csv").decode(), newline="")):
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
        for text, chosen in read_texts(self.read("ballots.txt").decode()) if self.open else ():
            leaf = sha(b"\0" + text.encode())
            fits = self.kinds.get(leaf) == "ballot" and leaf not in rejected and leaf > next(reversed(self.chosen), b"")
            check(fits and text.split("\n")[1] == f"round {self.fingerprint}", "line", "ballots.txt", code_of(leaf))
            self.chosen[leaf] = chosen
        self.opened = self.count["ballot"] - len(rejected)
        self.report.same("ballots.txt", len(self.chosen), self.opened if self.open else 0)
        self.report.say("leaves", len(self.kinds), self.count["ballot"], self.count["replaced"], self.root.hex())
        self.open or self.report.say("by_root")
    def note(self, name, words):  # what it says: how many leaves and which root; or that it is a promise and of which leaf
        text, _, line = words.decode().replace("\r\n", "\n").partition("\n\n")
        (origin, size, root), (_, signer, signed) = text.split("\n"), line.split()
        signature = base64.b64decode(signed)
        says = openssl_says(self.key, f"{text}\n".encode(), signature[4:])
        named = signature[:4] == sha(signer.encode() + b"\n\1" + self.key[12:])[:4]
        fits = named and self.key[:12] == ED25519 and (len(self.key), len(signature)) == (44, 68) and origin == signer and says is not False
        self.report.check(fits, "signed", name)
        fits and self.report.say("ok_signed" if says else "unsigned", name)
        return size, base64.b64decode(root)
    def held(self, file):
        size, kept = self.note(file, file.read_bytes())
        keeps = kept in self.kinds if size == "promise" else len(self.order) >= int(size) and kept == merkle_root(self.order[: int(size)])
        self.report.say("ok_held", file) if keeps else self.report.check(False, "broken", file)
    def checkpoints(self):
        sizes = sorted({*itertools.accumulate(n for _, n in sorted(Counter(self.batch.values()).items()))} or {0})
        names = [f"checkpoints/{number}.txt" for number in sizes]
        self.report.same("checkpoints/", sorted(name for name in self.sums if name.startswith("checkpoints/")), sorted(names))
        for name, number in zip(names, sizes):
            size, root = self.note(name, self.read(name))
            self.report.same(name, f"{size} {root.hex()}", f"{number} {merkle_root(self.order[:number]).hex()}")
    def sizes(self):
        steps, live, close = once([(one["step"], one) for one in self.minutes["steps"]]), self.count["ballot"], self.roll["close"]
        for name in [*STEPS, *(name for name in steps if name not in STEPS)]:
            words = json.dumps(steps.get(name, {}).get("details"), sort_keys=True, separators=(",", ":"))
            self.report.check(name in steps and sha(words.encode()).hex() == steps[name]["hash"], "step", name)
        said, opening, before = {name: one["details"] for name, one in steps.items()}, self.roll["opening"], self.plan["roll"]
        voided, out, areas = said["participation"]["voided"], self.paper(said["copied"].get("paper", {"marks": 0, "ballots": 0})), once([(str(one["id"]), one["people"]) for one in close["areas"]])
        for place, told, found in (
            ("minutes.json: steps", [name for name in steps if name in STEPS], STEPS),
            ("result.json: leaves", self.result["leaves"], {"live": live, "replaced_or_voided": self.count["replaced"], "voids": self.count["void"], "voided_by_two_people": voided}),
            ("minutes.json: box", [said["closed"]["box"] - voided - out, said["participation"]["participants"] - out], [live] * 2),
            ("minutes.json: copied: root", said["copied"]["root"], self.root.hex()),
            ("minutes.json: checkpoint: key", said["checkpoint"]["key"], self.read("log-key.pem").decode()),
            ("result.json: identity_complaints", self.result.get("identity_complaints"), said["closed"].get("complaints")),
            ("minutes.json: opened", said["opened"], {key: self.result[key] for key in ("opened", "rejected")}),
            ("minutes.json: counted", [said["counted"]["ballots"], self.result["opened"]], [self.opened] * 2),
            ("minutes.json: input", [said["counted"]["input"], *said["dropped"], *said["keys_destroyed"]], [self.result["input_sha256"], "dropped", "destroyed"]),
            ("roll.json: people", [close["people"], sum(areas.values()) or close["people"]], [said["closed"]["roll"]] * 2),
            ("roll.json: close", [close["fingerprint"], areas], [said["closed"].get("roll_fingerprint"), said["closed"].get("areas", {})]),
            ("roll.json: opening", [opening["fingerprint"], opening["people"]], [before["fingerprint"], before.get("people")]),
        ): self.report.same(place, told, found)
        self.report.check(live <= close["people"], "roll", live, close["people"])
    def paper(self, told):  # how many sheets gave no ballot; every batch adds up, and its dice choose the sheets compared
        paper = read_json(self.read("paper.json")) if "paper.json" in self.sums else {"batches": [], **told}
        for one in paper["batches"]:
            last = one["samples"][-1] if one["returned"] else {"dice": "", "sheets": [], "different": []}
            drawn = sorted(one["sheets"], key=lambda sheet: sha(f"{last['dice']}|{sheet}".encode()))[: max(len(last["sheets"]), min(99, one["returned"]))]
            self.report.same(f"paper.json: {one['batch']}", [one["marks"], one["returned"], len({*one["sheets"]}), last["sheets"], last["different"], one["counted"] <= one["marks"]], [one["returned"] + one["spoilt"] + one["not_returned"], one["counted"] + one["blank"] + one["rejected"], one["returned"], sorted(drawn), [], True])
        summed = {"marks": sum(one["marks"] for one in paper["batches"]), "ballots": sum(one["counted"] for one in paper["batches"])}
        self.report.same("paper.json", [summed, {key: paper[key] for key in summed}], [told, told])
        return told["marks"] - told["ballots"]
    def pots(self):
        same, check, first = self.report.same, self.report.check, self.plan["pots"][0]["id"]
        numbers = {first if self.plan.get("pot_counting") == "combined" else p["pot_id"] for p in self.plan["projects"]}
        same("result.json: pots", [one["id"] for one in self.result["pots"]], sorted(numbers))
        counted = {step["step"]: step["details"] for step in self.minutes["steps"]}["counted"]
        for told in self.result["pots"]:
            name, (meta, projects, votes) = told["file"], read_pb(self.read(told["file"]).decode())
            width = len(votes[0]) - self.open if votes else 2
            alike = Counter(tuple(row[1:width]) for row in votes)
            ballots = {(tuple(row[0].split(",")), tuple(map(exact, row[1].split(","))) if row[1:] else None): alike[row] for row in alike}
            pot = Pot(self.plan, told["id"], ballots)
            for ballot in ballots if self.plan["kind"] != "recorded" else (): check(pot.lawful(*ballot), "unlawful", name, ",".join(ballot[0]))
            wanted = [] if self.open else sorted(row[1:] for row in votes)
            for leaf, chosen in sorted(self.chosen.items()):
                codes = [code for code in (chosen if pot.kind == "ordinal" else sorted(chosen)) if code in pot.cost]
                points = [",".join(chosen[code] for code in codes)] * (pot.kind == "cumulative")
                wanted += [[",".join(codes), *points, code_of(leaf)]] * bool(codes)
            for number, (row, right) in enumerate(zip(votes, wanted), start=1): check(row == [str(number), *right], "line", name, f"VOTES {number}")
            number = len(wanted) if self.open else told["ballots"]
            digest = sha("".join(sorted(";".join(row[1:width]) + "\n" for row in votes)).encode()).hex()
            for place, one, other in (
                ("ballots", [len(votes), told["ballots"], int(meta["num_votes"])], [number] * 3),
                ("VOTES SHA-256", counted.get("votes", {}).get(str(told["id"]), digest), digest),
                ("vote_type", meta["vote_type"], pot.kind),
                ("budget", [exact(meta["budget"]), exact(told["budget"])], [pot.budget] * 2),
                ("selected", sorted(code for code in projects if projects[code]["selected"] == "1"), sorted(told["winners"])),
                ("standing", sorted(p["code"] for p in told["projects"] if p["standing"] == "winner"), sorted(told["winners"])),
            ): same(f"{name}: {place}", one, other)
            check(len(votes) <= self.opened, "roll", len(votes), self.opened)
            for one in [one for one in self.result.get("questions", ()) if one["pot"] == told["id"]]:
                options = once([(option["code"], option["votes"]) for option in one["options"]])
                figures = [self.opened, self.opened - len(votes), {code: pot.votes[code] for code in options}, sum(pot.votes.values())]
                same(f"{name}: {one['number']}", [one["ballots"], one["blank"], options, sum(options.values()) + one["abstentions"]], figures)
            for rows in (projects, once([(one["code"], one) for one in told["projects"]])):
                same(name, {*rows}, {*pot.cost})
                for code, row in rows.items():
                    figures = [pot.title[code], *(str(told[code]) for told in (pot.cost, pot.votes, pot.score))]
                    same(f"{name}: {code}", [row.get("name", pot.title[code]), *(str(exact(row[key])) for key in ("cost", "votes", "score"))], figures)
            self.report.say("rule" if pot.rule["name"] == "phragmen" else "counting", told["name"], pot.rule["name"])
            if pot.rule["name"] == "phragmen": continue
            won, lacking = pot.equal_shares() if pot.rule["name"] == "equal-shares" else pot.greedy(pot.rule)
            check(won == told["winners"], "won", told["name"], ", ".join(won), ", ".join(told["winners"]))
            same(f"{name}: spent", [exact(told["spent"]), exact(told["topped_up"])], [pot.spent(won) - lacking, lacking])
            won == told["winners"] and self.report.say("ok_won", told["name"], ", ".join(won) or "–")

def main():
    """Read the arguments, verify, say what holds."""
    parser = argparse.ArgumentParser(description="Verifică publicarea unui vot / Verify the publication of a vote")
    parser.add_argument("folder", metavar="DIR", nargs="?", default=str(Path(__file__).parent))
    parser.add_argument("--code", help="codul de pe dovadă / the code on your receipt")
    parser.add_argument("--held", metavar="FILE", type=Path, help="o promisiune sau un punct de control / a promise or a checkpoint")
    romanian = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "en")[:2] == "ro"
    parser.add_argument("--lang", choices=("ro", "en"), default="ro" if romanian else "en")
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    arguments = parser.parse_args()
    path, report = Path(arguments.folder), Report(arguments.lang)
    try:
        publication = Publication(path, report)
    except Exception as error:
        report.say("no_set", path, ", ".join(name for name in NEEDED if not os.path.isfile(path / name)) or f"{error!r:.300}")
        return 2
    publication.verify(arguments.code, arguments.held)
    for name in ("end_bad" if report.wrong else "end_ok", "limits"): report.say(name, report.wrong)
    return min(report.wrong, 1)

if __name__ == "__main__": sys.exit(main())
