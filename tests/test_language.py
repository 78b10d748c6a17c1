"""The status of a text: report, no report, not English, empty."""

from __future__ import annotations

import pytest

from postmortem.language import status
from postmortem.normalize import normalize
from postmortem.record import Status

ENGLISH_HALF = (
    "# Incident report\nOn May 3 2023 the service was down from 10:00 to 12:00 JST because the disk of the database was"
    " full. We have added an alert for the disk, and the team will review the limits of all servers. The users could not"
    " log in while it was down."
)
JAPANESE = "2023年5月3日 10:00から12:00までサービスが利用できませんでした。原因はディスクの容量不足でした。\n"

TEXTS: dict[str, tuple[str, Status]] = {
    "nothing": ("", "empty"),
    "white space": ("\n \t\r\n\xa0", "empty"),
    "marks only": ("--- *** ---\n| | |", "empty"),
    "short": ("DB down 10:00-11:00. Root cause: disk full.", "ok"),
    "shorter": ("Site down 3pm-4pm", "ok"),
    "list": ("**Detected** 10:00\n**Resolved** 10:40\n**Impact** 3 pods\n**Root cause** OOM\n", "ok"),
    "table": ("| Time | Event |\n|---|---|\n| 10:00 | API outage |\n| 10:20 | restart, recovered |\n", "ok"),
    "status page": (
        "2023-05-03 10:00 - We are investigating an issue with uploads.\n11:00 - Resolved.",
        "ok",
    ),
    "mail": (
        "[Resolved] Printing\n\nPrinting did not work from 9 to 10 this morning. We restarted the server of the printers.",
        "ok",
    ),
    "Japanese and English": (JAPANESE * 3 + ENGLISH_HALF, "ok"),
    "Spanish": (
        "Informe del incidente: el servidor de base de datos dejó de responder a las 10:00 y los usuarios no pudieron"
        " acceder a la aplicación durante dos horas. La causa raíz fue un disco lleno.",
        "unsupported_language",
    ),
    "French": (
        "Rapport d'incident. Le service de paiement est tombé en panne le 3 mai à 14 h 00 et a été rétabli à 16 h 00.",
        "unsupported_language",
    ),
    "German with English headings": (
        "# Postmortem\n\n## Zusammenfassung\nAm 3. Mai 2023 war der Dienst von 10:00 bis 12:00 Uhr nicht erreichbar. Die"
        " Ursache war ein voller Datenträger auf dem Server.\n\n## Timeline\n10:00 Alarm\n12:00 Behoben",
        "unsupported_language",
    ),
    "Portuguese": (
        "O serviço ficou indisponível das 10:00 às 12:00. A causa raiz foi um erro de configuração no balanceador de"
        " carga, que afetou todos os usuários da plataforma.",
        "unsupported_language",
    ),
    "Indonesian": (
        "Layanan pembayaran tidak dapat diakses mulai pukul 10:00 sampai 12:00 karena ruang penyimpanan pada peladen"
        " basis data sudah penuh, sehingga semua pengguna tidak dapat masuk.",
        "unsupported_language",
    ),
    "Japanese": (JAPANESE * 3, "unsupported_language"),
    "Russian": (
        "Сервис был недоступен с 10:00 до 12:00. Причиной стала ошибка конфигурации. " * 3,
        "unsupported_language",
    ),
    "recipe": (
        "# Tomato soup\n\nServes 4. Time: 40 minutes.\n\n- 1 kg tomatoes\n- 500 ml stock\n\nHeat the oil, add the onions and"
        " fry until soft. Add the tomatoes and simmer for 30 minutes. Serve warm with bread.",
        "not_a_report",
    ),
    "read-me": (
        "# fastcache\n\nA small cache library.\n\n## Usage\n\nCreate a cache with a size limit and use it to store results."
        " Errors are raised if the size is negative. See the list of issues.\n\n## License\nMIT",
        "not_a_report",
    ),
    "invoice": (
        "INVOICE No. 4711\nDate: 2023-05-03\n\n| Item | Price |\n|---|---|\n| Server rent | 100.00 |\n",
        "not_a_report",
    ),
    "policy": (
        "# Incident management policy\n\nWhen an incident occurs, the on-call engineer should open a channel and page the"
        " incident commander. A postmortem must be written within five days.\n\n## Severity\nSEV-1 means that all"
        " customers are affected.",
        "not_a_report",
    ),
    "template": (
        "# Incident title\n\n## Summary\n[What happened?]\n\n## Impact\n[Who is affected, and how?]\n\n## Timeline\n- HH:MM"
        " [event]\n\n## Root cause\n[Why?]\n\n## Action items\n- [ ] ...",
        "not_a_report",
    ),
    "minutes": (
        "Minutes of the meeting on 3 May 2023. We discussed the budget for the summer party and agreed that the venue"
        " should be booked by June. The meeting closed at 11:30.",
        "not_a_report",
    ),
    "how-to": (
        "How to write a good postmortem. A postmortem is a document that describes an incident and its root cause. You"
        " should always include a timeline and action items.",
        "not_a_report",
    ),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_status(text: str, expected: Status) -> None:
    assert status(normalize(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "For years our list lived on a grey box under the stairs. One evening in winter it went quiet. Ruth found the disk\n"
            "clicking like a cricket. We copied what could be copied, and by breakfast the first mails trickled in.",
            id="war story without a date",
        ),
        pytest.param(
            "anna  14:02  hey is the till slow for anybody else\nben  14:03  yes, spins forever\ncarl  14:16  the lookup hangs\n"
            "carl  14:24  try now\nanna  14:25  works. thanks!!\n",
            id="chat",
        ),
        pytest.param(
            "Members opened the app and saw an empty list. It turned out that the job had written it under last year's key.\n"
            "We wrote it again and the bookings reappeared.",
            id="no times at all",
        ),
        pytest.param(
            "So I made a website for school and it show blank page the whole afternoon. I check the log and see permission denied.\n"
            "I do chown and the page come back. Next time i copy with my user.",
            id="a student's present tense",
        ),
    ],
)
def test_informal_tales_are_reports(text: str) -> None:
    """They were taken for something else, for want of the trade's words."""
    assert status(normalize(text)) == "ok"


@pytest.mark.parametrize(
    "text",
    [
        "Mix 500 g flour with water at 7:00. The dough was often too wet, so we added flour. If it failed, try again.",
        "Release 4.2. We added dark mode, fixed 12 bugs and improved the start-up time. Released on 3 May 2024.",
        "Minutes of 3 May 2024. The budget was approved. The roof was repaired. Next meeting on 7 June at 18:00.",
    ],
    ids=["recipe", "release notes", "minutes"],
)
def test_other_texts_are_not(text: str) -> None:
    assert status(normalize(text)) == "not_a_report"
