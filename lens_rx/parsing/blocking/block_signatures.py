"""The signs of the walls that sites put up: addresses, titles, machinery and sentences, wall by wall.

Each sign belongs to a maker of walls or to a language. Which pages it counts on, `walls` decides.
"""

from __future__ import annotations

import re

Signs = tuple[tuple[str, re.Pattern[str]], ...]


def _signs(*, end: str = "", **walls: str) -> Signs:
    """Return one pattern a wall, in the order in which they are tried."""
    return tuple((wall, re.compile(f"(?:{pattern}){end}", re.IGNORECASE)) for wall, pattern in walls.items())


#: What the page's own address gives away.
ADDRESSES = _signs(  # noqa: S604  # "shell" names a wall here
    captcha=r"/sorry/index\b|google\.[a-z.]+/sorry/|/splashui/captcha|/errors/validatecaptcha|/showcaptcha|captcha-delivery\.com/"
    r"|/_____tmd_____/|/punish\b|//[^/]+/captcha/?(?:$|\?)|/px/captcha|perfdrive\.com/|wappass\.baidu\.com/"
    r"|/blocked\?.*\burl=|/human-?verification\b",
    pardon=r"/splashui/challenge",
    challenge=r"[?&]__cf_chl_|/cdn-cgi/challenge|/_sec/cp_challenge|/_incapsula_resource",
    shell=r"/httpservice/retry/enablejs|google\.[a-z.]+/webhp\b",
    login=r"//signin\.|//accounts\.google\.[a-z.]+/|/authwall\b",
)

#: Whole titles that no honest page has.
TITLES = _signs(
    pardon=r"pardon our interruption",
    captcha=r"robot or human|security measure|human verification|verify (?:that )?you(?:['’]| a)re (?:a )?human"
    r"|access to this page has been denied|captcha|robot check|are you a (?:human|robot)|bot (?:check|verification)"
    r"|(?:ich bin|sind sie|bist du) (?:k?ein )?(?:roboter|mensch)|êtes-vous un (?:robot|humain)|вы не робот"
    r"|安全验证|验证码",
    challenge=r"just a moment|(?:nur )?einen moment(?:,? bitte)?|un instant|un momento(?:,? (?:por favor|per favore))?"
    r"|een (?:ogenblik|moment)(?: geduld)?|cierpliwości|chwileczkę|(?:lige )?et øjeblik|(?:vänta )?ett ögonblick"
    r"|vänta|um momento|bir dakika(?: lütfen)?|один момент|请稍候|請稍候|しばらくお待ちください|잠시만 기다리십시오"
    r"|checking your browser.*|(?:vercel )?security check(?:point)?|making sure you['’]re not a bot|ddos-guard"
    r"|client challenge|one moment,? please|attention required!?|please wait",
    forbidden=r"(?:\d{3}\W+)?(?:access (?:is )?denied|forbidden|request (?:blocked|rejected)|(?:you have been )?blocked)"
    r"|zugriff verweigert|accès (?:refusé|interdit)|acceso denegado|accesso negato|toegang geweigerd"
    r"|odmowa dostępu|dostęp zabroniony|adgang nægtet|åtkomst nekad|acesso negado|доступ (?:запрещ[её]н|ограничен)",
    rate_limit=r"(?:\d{3}\W+)?(?:too many requests|rate limit(?:ed| exceeded)?)|zu viele anfragen"
    r"|trop de requêtes|demasiadas solicitudes|troppe richieste|te veel verzoeken",
    end=r"\W*(?:$|\s[|:–—-]\s.*)",
)

#: Ids, scripts, frames, forms and refreshes that only a wall has, on a page with little to read.
MACHINERY = _signs(
    captcha=r"captcha-delivery\.com|validatecaptcha|opfcaptcha|/_____tmd_____/|captcha\.px-cdn|px-captcha|validate\.perfdrive"
    r"|captcha-form|checkcaptcha|x5secdata",
    pardon=r"_chlghost|_cdetail",
    challenge=r"challenge-platform/h/|_cf_chl_opt|cf_chl_|/_sec/cp_challenge|gokuprops|awswafcookiedomainlist"
    r"|sec-if-cpt|sec-cpt|bm-verify|_incapsula_resource\?\S*incident|/vercel/security|/\.within\.website/|js_challenge",
)

#: Widgets and frames that honest small pages have too: they count where there is next to nothing to read.
WIDGETS = _signs(captcha=r"captcha|arkoselabs|geetest", challenge=r"cf-turnstile|_incapsula_resource")

#: Scripts of the same kind.
CHECKS = _signs(
    challenge=r"challenges\.cloudflare\.com|_incapsula_resource|awswaf|kpsdk|ips\.js|/tspd/|ddos-guard|challenge\.js",
    captcha=r"hcaptcha\.com/captcha|captcha\.(?:yandex|awswaf)|_pxappid",
)

#: Sentences of walls, on a page with little to read.
SENTENCES = _signs(
    captcha=r"unusual traffic|sending automated (?:queries|requests)|ungewöhnliche[nr]? (?:datenverkehr|zugriffe)|trafic (?:exceptionnel|inhabituel)"
    r"|tráfico inusual|traffico (?:insolito|anomalo)|(?:ongebruikelijk|ongewoon) verkeer|nietypowy ruch"
    r"|usædvanlig trafik|ovanlig trafik|tráfego (?:incomum|anormal)|uvanlig trafikk|epätavallista liikennettä"
    r"|подозрительный трафик|通常と異なるトラフィック"
    r"|(?:type|enter) the characters you see|(?:gib|geben sie) die (?:angezeigten )?(?:zeichen|buchstaben)"
    r"|saisissez les caractères|escrib[ea] los caracteres|inserisci i caratteri|voer de tekens|wpisz znaki"
    r"|press (?:&|and) hold|slide to (?:verify|complete|unlock)|solve (?:this|the) (?:captcha|puzzle|challenge)"
    r"|(?:verify|confirm|prove|make sure)[^.]{0,30} (?:you['’]?(?: a)?re|that you are) (?:a )?(?:human|not a (?:ro)?bot)"
    r"|complete the security check|(?:you are|you['’]re|i['’]?(?: a)?m) not a robot|kein roboter|pas un robot"
    r"|no (?:soy|eres) un robot|non (?:sono|sei) un robot|geen robot|nie (?:jestem|jesteś) robotem|ikke en robot"
    r"|inte en robot|não (?:sou|é) um robô|не робот|ロボットではありません|로봇이 아닙니다|不是机器人|您是真人"
    # what a wall answers to a program that asks for data
    r"|\"url\":\"https://[\w.]*captcha-delivery\.com/|\"blockscript\":\"",
    pardon=r"pardon our interruption|checking your browser before you access|made us think you were a bot",
    challenge=r"checking (?:your browser|if the site connection is secure)|verifying you are human"
    r"|performing security verification|needs to review the security of your connection"
    r"|enable javascript and cookies to continue|please enable js and disable any ad ?blocker"
    r"|your browser will redirect|ddos protection by|überprüf(?:t|en|ung)[^.]{0,40}(?:browser|verbindung)"
    r"|vérifi(?:e|ons|cation)[^.]{0,40}(?:navigateur|connexion)|(?:verificando|comprobando)[^.]{0,40}(?:navegador|conexión)"
    r"|verific[^.]{0,40}(?:browser|connessione)|controleren[^.]{0,40}(?:browser|verbinding)"
    r"|sprawdz[^.]{0,40}(?:przeglądark|połączeni)|kontrollerar din webbläsare|(?:tjekker|kontrollerer) din browser",
    forbidden=r"you(?: have been|['’]?(?: a)?re| were|['’]ve been) blocked|blocked by network security|request unsuccessful"
    r"|access (?:to this (?:page|site|resource) )?(?:is|has been) (?:denied|blocked|restricted)|access denied"
    r"|don['’]t have permission|requested url was rejected|request (?:has been|was) (?:blocked|rejected)"
    r"|automated (?:access|requests|tools)|zugriff (?:wurde )?verweigert|accès (?:a été )?(?:refusé|bloqué)"
    r"|acceso denegado|accesso (?:è stato )?negato|toegang (?:is )?geweigerd|odmowa dostępu"
    r"|dostęp (?:został )?zablokowany|adgang nægtet|åtkomst nekad|acesso (?:foi )?(?:negado|bloqueado)",
    rate_limit=r"too many requests|rate.?limit(?:ed| exceeded)|zu viele (?:anfragen|zugriffe)"
    r"|trop de (?:requêtes|demandes)|demasiadas (?:solicitudes|peticiones)|troppe richieste"
    r"|te veel (?:verzoeken|aanvragen)|zbyt wiele (?:żądań|zapytań)|for mange (?:anmodninger|forespørsler)"
    r"|för många (?:förfrågningar|anrop)",
    unavailable=r"you are (?:now )?in (?:line|a queue|the queue)\b|your estimated wait|(?:in der|ihre) warteschlange"
    r"|dans la file d['’]attente|(?:en|na) (?:la )?(?:cola|fila) (?:virtual|de espera)|sei in coda|in de wachtrij"
    r"|w kolejce do|du står i kø|du står i kö",
)

#: How a page asks for script.
NEEDS_SCRIPT = re.compile(
    r"(?:enable|turn on|requires?|without|need[^.]{0,20}|activate) (?:js\b|javascript)"
    r"|javascript (?:is|must be|has been)|javascript[^.]{0,30}(?:aktivier|einschalten|benötigt|erforderlich)"
    r"|(?:aktiver|aktivier|activ|habilit|abilita|attiva|włącz|slå)[^.]{0,20}javascript|javascript in(?:schakelen)?\b"
    r"|having trouble accessing google",
    re.IGNORECASE,
)

#: What a status alone says of a page that shows no product.
STATUSES = {
    401: "login",
    403: "forbidden",
    405: "forbidden",
    418: "forbidden",
    429: "rate_limit",
    430: "rate_limit",
    451: "forbidden",
    503: "unavailable",
    509: "rate_limit",
    999: "forbidden",
}
