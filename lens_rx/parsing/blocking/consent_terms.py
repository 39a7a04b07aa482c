"""The words on the buttons of questions for consent, in lower case, as the buttons begin with them."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


#: How buttons that turn down begin; the browser presses one of these first.
CONSENT_REJECT_WORDS = _words(
    """
    reject all | reject | decline | refuse all | deny | only necessary | necessary only | essential only |
    necessary cookies only | only essential | continue without accepting | do not accept | i do not agree |
    alle ablehnen | alles ablehnen | ablehnen | nur notwendige | nur erforderliche | nur essenzielle |
    notwendige cookies | weiter ohne | ohne einwilligung | nicht zustimmen | tout refuser | refuser |
    je refuse | continuer sans accepter | uniquement les cookies | rechazar todo | rechazar |
    solo necesarias | solo las necesarias | continuar sin aceptar | no acepto | rifiuta tutto | rifiuta |
    rifiuto | solo necessari | continua senza accettare | non accetto | alles afwijzen | alles weigeren |
    afwijzen | weigeren | alleen noodzakelijke | doorgaan zonder | odrzuć wszystko | odrzuć | odrzucam |
    tylko niezbędne | kontynuuj bez | nie zgadzam się | afvis alle | afvis | kun nødvendige | fortsæt uden |
    avvis alle | avvis | avslå alle | bare nødvendige | avvisa alla | avvisa | neka alla | endast nödvändiga |
    fortsätt utan | bara nödvändiga | rejeitar tudo | rejeitar | recusar | apenas necessários |
    hylkää kaikki | hylkää | vain välttämättömät | odmítnout vše | odmítnout | odmietnuť |
    összes elutasítása | elutasít | respinge tot | refuză | απόρριψη όλων | απόρριψη | tümünü reddet |
    reddet | отклонить все | отклонить | відхилити | az összes elutasítása | odmietnuť všetko | odbaci sve |
    zavrni vse | отхвърляне на всички | відхилити все | keeldu kõigist | lükka kõik | noraidīt visu |
    atmesti viską | rebutja-ho tot | hafna öllu | refuzați | すべて拒否 | 拒否 | 모두 거부 | 全部拒绝 | 全部拒絕 | رفض الكل |
    דחיית הכול
    """
)
#: How buttons that agree begin.
CONSENT_ACCEPT_WORDS = _words(
    """
    accept all | accept | agree | i agree | allow all | allow cookies | got it | consent | yes, i agree |
    alle akzeptieren | alles akzeptieren | akzeptieren | zustimmen | alle zulassen | einverstanden |
    ich stimme zu | alle cookies akzeptieren | annehmen | tout accepter | accepter | j'accepte | j’accepte |
    autoriser | accepter et fermer | d'accord | aceptar todo | aceptar | acepto | permitir |
    estoy de acuerdo | accetta tutto | accetta | accetto | accettare | consenti | acconsento |
    alles accepteren | accepteren | akkoord | toestaan | alle cookies accepteren | ik ga akkoord |
    zaakceptuj wszystko | zaakceptuj | akceptuję | akceptuj | zgadzam się | zezwól | przejdź do serwisu |
    accepter alle | accepter | accepter alt | tillad alle | godta alle | godta | godkend | jeg accepterer |
    godkänn alla | godkänn | acceptera alla | acceptera | tillåt alla | jag accepterar | jag godkänner |
    aceitar tudo | aceitar | aceito | concordo | hyväksy kaikki | hyväksy | přijmout vše | přijmout |
    souhlasím | prijať | összes elfogadása | elfogadom | elfogad | acceptă tot | accept tot | sunt de acord |
    αποδοχή όλων | αποδοχή | tümünü kabul et | kabul et | принять все | принять | прийняти | acceptér |
    az összes elfogadása | prijať všetko | prihvati sve | sprejmi vse | приемане на всички | nõustu kõigiga |
    piekrist visam | sutikti su viskuo | accepta-ho tot | samþykkja allt | acceptați | すべて同意 | すべて受け入れる | 同意 |
    모두 동의 | 모두 수락 | 全部接受 | 接受 | قبول الكل | אישור הכול
    """
)
