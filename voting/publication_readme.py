"""README.txt of a publication: what each file is, in Romanian and English. One text for every reader, not a page."""

_RO = """{name}

Acest dosar conține tot ce publică orașul despre votul de mai sus și programul cu care oricine îl poate verifica.

CUM VERIFICAȚI
1. Descărcați dosarul și dezarhivați-l.
2. Deschideți un terminal în dosar și rulați:  python3 verify.py --lang ro
   (cu codul de pe dovadă:  python3 verify.py --lang ro --code CODUL)
   (cu promisiunea de pe dovadă sau un punct de control primit:  python3 verify.py --lang ro --held FIȘIER)
3. Citiți ce spune. Comparați amprenta planului cu cea notată înainte de vot și amprenta cheii cu cea de pe pagina
   /log-key a site-ului. Dacă ceva e greșit, contestați rezultatul.

CE E FIECARE FIȘIER
verify.py        programul de verificare: un singur fișier, Python 3.9 sau mai nou, fără internet
plan.json        planul înghețat la deschiderea votului: date, bugete, proiecte, regula de numărare
pot-N.pb         buletinele și rezultatul {part}, în formatul Pabulib{pb}
leaves.csv       lista tuturor frunzelor (amprente de buletine), ordonată după amprentă: ballot = buletin numărat;
                 replaced = înlocuit de votant sau anulat; void = însemnarea care anulează frunza din coloana target;
                 batch = a câta listă de noapte a registrului, ultima fiind a închiderii. Registrul e în ordinea listelor,
                 iar în fiecare listă în ordinea amprentelor
{ballots}checkpoints/     punctele de control: numărul frunzelor de până atunci și rădăcina lor, semnate noaptea cât votul a
                 fost deschis și la închidere; numele fișierului e numărul
log-key.pem      cheia publică a acestor semnături
minutes.json     procesul-verbal: pașii închiderii, cine i-a făcut, fiecare cu amprenta lui
roll.json        lista de participanți fără oameni: amprenta și totalurile pe cartiere la deschidere și la închidere
{turnout}{paper}result.json      rezultatul: {result}, regula cu parametrii ei, rânduri respinse, anulări
SHA256SUMS       sumele tuturor fișierelor

{asks}CE NU SE AFLĂ DE AICI
Nimic din dosar nu spune cine a votat, cine ce a ales sau în ce ordine au venit buletinele.
"""

_EN = """{name}

This folder holds all that the city publishes about the vote above, and the program with which anybody can verify it.

HOW TO VERIFY
1. Download the folder and unpack it.
2. Open a terminal in the folder and run:  python3 verify.py --lang en
   (with the code on your receipt:  python3 verify.py --lang en --code CODE)
   (with the promise on your receipt or a checkpoint that was sent:  python3 verify.py --lang en --held FILE)
3. Read what it says. Compare the plan's fingerprint with the one noted before the vote, and the key's fingerprint
   with the one on the page /log-key of the site. If something is wrong, contest the result.

WHAT EACH FILE IS
verify.py        the verifying program: one file, Python 3.9 or newer, no internet
plan.json        the plan frozen when voting opened: dates, budgets, projects, the counting rule
pot-N.pb         ballots and outcome of one {part}, in the Pabulib format{pb}
leaves.csv       all leaves (fingerprints of ballots), sorted by fingerprint: ballot = counted; replaced = replaced by
                 its voter or voided; void = the entry that voids the leaf in the column target; batch = which of the
                 log's nightly lists, the last being the close's. The log is in the order of the lists, inside a list
                 in the order of the fingerprints
{ballots}checkpoints/     the checkpoints: how many leaves there were and their root, signed at night while voting was open
                 and at the close; the file's name is the number
log-key.pem      the public key of these signatures
minutes.json     the minutes: the steps of the close, who did them, each with its hash
roll.json        the list of participants without its people: fingerprint and totals by area, at opening and at close
{turnout}{paper}result.json      the result: {result}, the rule with its parameters, rejected lines, voids
SHA256SUMS       the sums of all files

{asks}WHAT CANNOT BE LEARNED HERE
Nothing in the folder says who voted, who chose what, or in which order ballots came.
"""


#: What is said where residents answered questions: the format's words are those of projects.
_ASKS_RO = """ÎNTREBĂRI
Fiecare întrebare are fișierul ei .pb. Formatul e cel al proiectelor: o variantă de răspuns apare ca un proiect cu
costul 1. Nimic nu „câștigă”: regula lasă zero câștigători (max_winners 0), iar programul arată „câștigă –”. Verificate
sunt voturile fiecărei variante. Numărul de răspunsuri, cotele, abținerile și întrebările lăsate goale sunt în
result.json, la „questions”.

"""
_ASKS_EN = """QUESTIONS
Each question has a .pb file of its own. The format is that of projects: an option appears as a project of cost 1.
Nothing “wins”: the rule lets no project win (max_winners 0), and the program says “the winners are –”. What it
verifies are the votes of every option. Answers, shares, abstentions and questions left empty are in result.json, under
“questions”.

"""


def readme(name: str, opens: bool, turnout: bool, asks: bool = False, paper: bool = False) -> str:
    """The text for one round: `opens` where choices stand beside codes, `turnout` where there is a turnout.csv,
    `asks` where residents answered questions, `paper` where some voted on paper."""
    romanian = _RO.format(
        name=name,
        part="unei întrebări" if asks else "unui buget",
        result="voturile fiecărei variante" if asks else "câștigătorii în ordine",
        asks=_ASKS_RO if asks else "",
        paper="paper.json       buletinele de hârtie: foi date, întoarse, respinse; eșantioanele trase cu zarul\n"
        if paper
        else "",
        pb=", cu codul lângă alegeri" if opens else ", amestecate și fără coduri",
        ballots="ballots.txt      textele buletinelor, din care se refac frunzele\n" if opens else "",
        turnout="turnout.csv      participarea: celule de cel puțin zece oameni; * = restul împreună\n"
        if turnout
        else "",
    )
    english = _EN.format(
        name=name,
        part="question" if asks else "budget",
        result="votes of every option" if asks else "winners in order",
        asks=_ASKS_EN if asks else "",
        paper="paper.json       paper ballots: sheets handed out, returned, rejected; the samples drawn by dice\n"
        if paper
        else "",
        pb=", the code beside the choices" if opens else ", shuffled and without codes",
        ballots="ballots.txt      the texts of ballots, from which leaves are rebuilt\n" if opens else "",
        turnout="turnout.csv      turnout: cells of ten people or more; * = the rest together\n"
        if turnout
        else "",
    )
    return f"{romanian}\n{'=' * 100}\n\n{english}"
