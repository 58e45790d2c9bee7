"""Names of countries by their ISO 3166 code, those that mine, make or buy what the cases hold."""

from __future__ import annotations

_NAMES = """
AE United Arab Emirates|AO Angola|AR Argentina|AT Austria|AU Australia|BD Bangladesh|BE Belgium|BF Burkina Faso
BG Bulgaria|BI Burundi|BO Bolivia|BR Brazil|BW Botswana|CA Canada|CD Congo (Kinshasa)|CG Congo|CH Switzerland|CL Chile
CM Cameroon|CN China|CO Colombia|CZ Czechia|DE Germany|DK Denmark|EE Estonia|EG Egypt|ES Spain|FI Finland|FR France
GA Gabon|GB United Kingdom|GE Georgia|GH Ghana|GL Greenland|GN Guinea|GR Greece|HU Hungary|ID Indonesia|IE Ireland
IL Israel|IN India|IR Iran|IS Iceland|IT Italy|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KP North Korea
KR South Korea|KZ Kazakhstan|LA Laos|LK Sri Lanka|MA Morocco|MG Madagascar|MK North Macedonia|ML Mali|MM Myanmar
MN Mongolia|MR Mauritania|MW Malawi|MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|NC New Caledonia|NG Nigeria
NL Netherlands|NO Norway|NZ New Zealand|OM Oman|PE Peru|PH Philippines|PK Pakistan|PL Poland|PT Portugal|RO Romania
RS Serbia|RU Russia|RW Rwanda|SA Saudi Arabia|SE Sweden|SG Singapore|SI Slovenia|SK Slovakia|SL Sierra Leone|SN Senegal
TH Thailand|TJ Tajikistan|TR Türkiye|TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda|US United States|UZ Uzbekistan
VN Viet Nam|ZA South Africa|ZM Zambia|ZW Zimbabwe
"""
COUNTRIES = {
    entry[:2]: entry[3:] for line in _NAMES.strip().splitlines() for entry in line.split("|")
}  # fmt: skip
