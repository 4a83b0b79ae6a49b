"""What people write where a zone name belongs, as tables: data only, no rule.

Rule 1: every zone here is the name that tzdata's own `zone.tab` gives the place, never one of its older spellings.
Rule 2: how a text is compared with these names is told in `suggest`; accents, case and separators do not matter here.
"""

from collections.abc import Mapping

ABBREVIATIONS: Mapping[str, str] = {
    # letters and spoken names (without "time") of a clock -> the zones they may mean: first those that tzdata itself
    # gives the letters to, then others that people give them to (PST is the Philippines' too); most people first
    "UTC, UT, Z, Coordinated Universal, Universal": "UTC",
    "GMT, Greenwich Mean": "GMT Europe/London Africa/Accra Africa/Abidjan",
    "WET, WEST, Western European": "Europe/Lisbon Atlantic/Canary Atlantic/Madeira Atlantic/Faroe",
    "BST": "Europe/London Asia/Dhaka Pacific/Bougainville",
    "British": "Europe/London",
    "CET, MEZ, MET, Central European": (
        "Europe/Berlin Europe/Paris Europe/Rome Europe/Madrid Africa/Algiers Europe/Warsaw"
    ),
    "CEST, MESZ, MEST": "Europe/Berlin Europe/Paris Europe/Rome Europe/Madrid Europe/Warsaw Europe/Zurich",
    "EET, EEST, OEZ, Eastern European": (
        "Africa/Cairo Europe/Kyiv Europe/Bucharest Europe/Athens Asia/Beirut Europe/Helsinki"
    ),
    "MSK, MSD": "Europe/Moscow",
    "TRT": "Europe/Istanbul",
    "WAT, West Africa, West African": "Africa/Lagos Africa/Kinshasa Africa/Luanda Africa/Douala Africa/Niamey",
    "CAT, Central Africa, Central African": (
        "Africa/Lubumbashi Africa/Khartoum Africa/Maputo Africa/Blantyre Africa/Lusaka Africa/Harare"
    ),
    "EAT, East Africa, East African": (
        "Africa/Addis_Ababa Africa/Dar_es_Salaam Africa/Nairobi Africa/Kampala Indian/Antananarivo Africa/Mogadishu"
    ),
    "SAST": "Africa/Johannesburg",
    "IST": "Asia/Kolkata Asia/Jerusalem Europe/Dublin",
    "IDT": "Asia/Jerusalem",
    "Irish": "Europe/Dublin",
    "Indian": "Asia/Kolkata",
    "AST": "America/Santo_Domingo America/Puerto_Rico America/Halifax Asia/Riyadh Asia/Baghdad",
    "ADT": "America/Halifax Atlantic/Bermuda",
    "IRST, IRDT": "Asia/Tehran",
    "GST, Gulf": "Asia/Dubai Atlantic/South_Georgia",
    "AZT": "Asia/Baku",
    "AMT": "America/Manaus Asia/Yerevan",
    "AFT": "Asia/Kabul",
    "PKT": "Asia/Karachi",
    "UZT": "Asia/Tashkent",
    "NPT": "Asia/Kathmandu",
    "BDT": "Asia/Dhaka",
    "MMT": "Asia/Yangon",
    "ICT, Indochina": "Asia/Ho_Chi_Minh Asia/Bangkok Asia/Phnom_Penh Asia/Vientiane",
    "WIB": "Asia/Jakarta",
    "WITA": "Asia/Makassar",
    "WIT": "Asia/Jayapura",
    "HKT": "Asia/Hong_Kong",
    "SGT": "Asia/Singapore",
    "SST": "Pacific/Pago_Pago Asia/Singapore",
    "MYT": "Asia/Kuala_Lumpur",
    "PHT, PHST": "Asia/Manila",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "AWST": "Australia/Perth",
    "ACST": "Australia/Adelaide Australia/Darwin",
    "ACDT": "Australia/Adelaide",
    "AEST, AET": "Australia/Sydney Australia/Melbourne Australia/Brisbane Australia/Hobart",
    "AEDT": "Australia/Sydney Australia/Melbourne Australia/Hobart",
    "ChST": "Pacific/Guam Pacific/Saipan",
    "NZST, NZDT": "Pacific/Auckland",
    "FJT": "Pacific/Fiji",
    "PGT": "Pacific/Port_Moresby",
    "EST": "America/New_York America/Toronto America/Panama America/Jamaica America/Cancun Australia/Sydney",
    "EDT, ET": "America/New_York America/Toronto",
    # Windows calls the clocks of Indiana and Arizona so, with "Standard Time" after it; people mean the large zones
    "US Eastern": "America/New_York",
    "US Central": "America/Chicago",
    "US Mountain": "America/Denver",
    "CST": "Asia/Shanghai America/Chicago America/Mexico_City Asia/Taipei America/Guatemala America/Havana",
    "CDT, CT": "America/Chicago America/Havana",
    "MST": "America/Denver America/Phoenix America/Vancouver America/Mazatlan",
    "MDT, MT": "America/Denver",
    "PST": "America/Los_Angeles Asia/Manila America/Tijuana",
    "PDT, PT": "America/Los_Angeles America/Tijuana",
    "AKST, AKDT": "America/Anchorage",
    "HST": "Pacific/Honolulu",
    "HDT": "America/Adak",
    "NST, NDT": "America/St_Johns",
    "BRT": "America/Sao_Paulo",
    "ART": "America/Argentina/Buenos_Aires",
    "CLT, CLST": "America/Santiago",
    "COT": "America/Bogota",
    "PET": "America/Lima",
    "VET": "America/Caracas",
    "BOT": "America/La_Paz",
    "UYT": "America/Montevideo",
    "PYT": "America/Asuncion",
    "ECT": "America/Guayaquil",
}

CITIES: Mapping[str, str] = {
    # zone -> capitals, cities and regions that live by it and whose name is not its last part
    "Africa/Abidjan": "Yamoussoukro, Bouaké",
    "Africa/Accra": "Kumasi",
    "Africa/Algiers": "Oran, Alger",
    "Africa/Blantyre": "Lilongwe",
    "Africa/Bujumbura": "Gitega",
    "Africa/Cairo": "Giza, Sharm el-Sheikh",
    "Africa/Casablanca": "Rabat, Marrakesh, Marrakech, Fez, Tangier",
    "Africa/Dar_es_Salaam": "Dodoma, Arusha, Zanzibar",
    "Africa/Douala": "Yaoundé",
    "Africa/Johannesburg": "Pretoria, Tshwane, Cape Town, Durban, Bloemfontein, Soweto",
    "Africa/Kampala": "Entebbe",
    "Africa/Khartoum": "Omdurman",
    "Africa/Lagos": "Abuja, Kano, Ibadan, Port Harcourt",
    "Africa/Malabo": "Ciudad de la Paz, Oyala",
    "Africa/Mbabane": "Lobamba",
    "Africa/Nairobi": "Mombasa, Kisumu",
    "Africa/Porto-Novo": "Cotonou",
    "Africa/Tripoli": "Benghazi",
    "America/Anchorage": "Alaska, Fairbanks",
    "America/Argentina/Buenos_Aires": "La Plata",
    "America/Argentina/Cordoba": "Rosario",
    "America/Bahia": "Salvador",
    "America/Barbados": "Bridgetown",
    "America/Belize": "Belmopan, Belize City",
    "America/Bogota": "Medellín, Cali, Barranquilla, Cartagena de Indias",
    "America/Caracas": "Maracaibo",
    "America/Chicago": (
        "Houston, Dallas, Austin, San Antonio, Fort Worth, New Orleans, Minneapolis, Saint Louis, Kansas City,"
        " Nashville, Memphis, Milwaukee, Texas, Illinois, Minnesota, Wisconsin, Louisiana"
    ),
    "America/Curacao": "Willemstad",
    "America/Denver": "Salt Lake City, Albuquerque, Boulder, Colorado, Utah",
    "America/Detroit": "Michigan",
    "America/Dominica": "Roseau",
    "America/Edmonton": "Calgary, Banff, Alberta, Yellowknife",
    "America/El_Salvador": "San Salvador",
    "America/Guatemala": "Guatemala City, Ciudad de Guatemala",
    "America/Guayaquil": "Quito, Cuenca",
    "America/Halifax": "Nova Scotia",
    "America/Hermosillo": "Sonora",
    "America/Indiana/Indianapolis": "Indiana, Fort Wayne",
    "America/Iqaluit": "Pangnirtung",
    "America/Jamaica": "Montego Bay",
    "America/La_Paz": "Sucre, Santa Cruz de la Sierra, Cochabamba",
    "America/Lima": "Cusco, Arequipa",
    "America/Los_Angeles": (
        "San Francisco, Seattle, San Diego, Las Vegas, Silicon Valley, Palo Alto, Marina del Rey, Sacramento,"
        " California, Oakland, Berkeley, Redmond, Mountain View, Oregon, Nevada"
    ),
    "America/Mexico_City": "Guadalajara, Puebla, Ciudad de México, CDMX, León de los Aldama, Querétaro",
    "America/New_York": (
        "Washington DC, Boston, Miami, Atlanta, Philadelphia, New York City, NYC, Nueva York, Reston, Pittsburgh,"
        " Baltimore, Orlando, Charlotte, Cleveland, Princeton, Florida, Massachusetts, New Jersey, Pennsylvania,"
        " Virginia, North Carolina, Ohio"
    ),
    "America/Nuuk": "Godthåb",
    "America/Panama": "Panama City, Ciudad de Panamá",
    "America/Phoenix": "Arizona, Tucson",
    "America/Port_of_Spain": "Trinidad, Tobago",
    "America/Regina": "Saskatoon, Saskatchewan",
    "America/Santiago": "Santiago de Chile, Valparaíso",
    "America/Sao_Paulo": (
        "Brasília, Rio de Janeiro, Rio, Belo Horizonte, Curitiba, Porto Alegre, Campinas, Goiânia, Florianópolis"
    ),
    "America/Fortaleza": "João Pessoa, Natal, Teresina, São Luís",
    "America/St_Johns": "Newfoundland",
    "America/St_Kitts": "Basseterre",
    "America/St_Lucia": "Castries",
    "America/St_Vincent": "Kingstown",
    "America/Grenada": "Saint George's",
    "America/Toronto": "Ottawa, Montréal, Québec, Québec City, Ontario, Thunder Bay, Mississauga, Gatineau",
    "America/Vancouver": "British Columbia, Whistler",
    "America/Winnipeg": "Manitoba",
    "Asia/Aden": "Sana'a",
    "Asia/Almaty": "Astana, Nur-Sultan, Shymkent, Alma-Ata",
    "Asia/Ashgabat": "Ashkhabad",
    "Asia/Baghdad": "Basra, Mosul, Erbil",
    "Asia/Bahrain": "Manama",
    "Asia/Bangkok": "Chiang Mai, Phuket, Pattaya",
    "Asia/Brunei": "Bandar Seri Begawan",
    "Asia/Colombo": "Sri Jayawardenepura Kotte, Kotte, Kandy",
    "Asia/Damascus": "Aleppo",
    "Asia/Dhaka": "Chittagong, Chattogram, Dacca",
    "Asia/Dubai": "Abu Dhabi, Sharjah",
    "Asia/Gaza": "Gaza City",
    "Asia/Hebron": "Ramallah, West Bank, Bethlehem, Nablus",
    "Asia/Ho_Chi_Minh": "Hanoi, Saigon, Ho Chi Minh City, Da Nang, Haiphong",
    "Asia/Hong_Kong": "Kowloon",
    "Asia/Jakarta": "Bandung, Surabaya, Yogyakarta, Semarang, Medan",
    "Asia/Jerusalem": "Tel Aviv, Haifa",
    "Asia/Karachi": "Islamabad, Lahore, Rawalpindi, Peshawar, Faisalabad, Quetta",
    "Asia/Kathmandu": "Pokhara",
    "Asia/Kolkata": (
        "New Delhi, Delhi, Mumbai, Bombay, Bangalore, Bengaluru, Chennai, Madras, Calcutta, Pune, Ahmedabad, Jaipur,"
        " Lucknow, Goa, Kochi, Thiruvananthapuram, Bhopal, Gurgaon, Gurugram, Noida"
    ),
    "Asia/Kuala_Lumpur": "Putrajaya, Penang, Johor Bahru, Cyberjaya, KL",
    "Asia/Kuching": "Kota Kinabalu",
    "Asia/Kuwait": "Kuwait City",
    "Asia/Macau": "Macao",
    "Asia/Makassar": "Bali, Denpasar, Lombok",
    "Asia/Manila": "Quezon City, Cebu, Davao, Makati",
    "Asia/Qatar": "Doha",
    "Asia/Riyadh": "Jeddah, Mecca, Medina, Dammam",
    "Asia/Seoul": "Busan, Incheon, Pyeongchang, Daejeon",
    "Asia/Shanghai": (
        "Beijing, Peking, Shenzhen, Guangzhou, Canton, Chengdu, Chongqing, Wuhan, Tianjin, Hangzhou, Nanjing, Xi'an,"
        " Wuzhen, Harbin, Qingdao"
    ),
    "Asia/Taipei": "Kaohsiung, Taichung",
    "Asia/Tehran": "Isfahan, Mashhad, Shiraz, Teheran",
    "Asia/Tokyo": "Kyoto, Osaka, Yokohama, Nagoya, Sapporo, Fukuoka, Hiroshima, Kobe",
    "Asia/Ulaanbaatar": "Ulan Bator",
    "Asia/Yangon": "Naypyidaw, Nay Pyi Taw, Rangoon, Mandalay",
    "Asia/Yekaterinburg": "Chelyabinsk, Ufa, Perm, Tyumen",
    "Asia/Urumqi": "Kashgar, Xinjiang",
    "Atlantic/Azores": "Ponta Delgada",
    "Atlantic/Canary": "Tenerife, Las Palmas, Gran Canaria",
    "Atlantic/Cape_Verde": "Praia",
    "Atlantic/Faroe": "Tórshavn",
    "Atlantic/Madeira": "Funchal",
    "Australia/Adelaide": "South Australia",
    "Australia/Brisbane": "Queensland, Gold Coast, Cairns",
    "Australia/Hobart": "Tasmania",
    "Australia/Perth": "Western Australia",
    "Australia/Sydney": "Canberra, Wollongong, New South Wales",
    "Europe/Amsterdam": "The Hague, Den Haag, Rotterdam, Utrecht, Eindhoven, 's-Gravenhage",
    "Europe/Andorra": "Andorra la Vella",
    "Europe/Athens": "Thessaloniki, Athina",
    "Europe/Belgrade": "Novi Sad, Beograd, Pristina, Kosovo",
    "Europe/Berlin": (
        "Munich, München, Bonn, Hamburg, Frankfurt, Cologne, Köln, Düsseldorf, Stuttgart, Leipzig, Dresden, Karlsruhe,"
        " Hannover, Nuremberg, Bremen"
    ),
    "Europe/Brussels": "Antwerp, Ghent, Bruges, Bruxelles, Brussel",
    "Europe/Bucharest": "Cluj-Napoca, Bucuresti",
    "Europe/Chisinau": "Kishinev",
    "Europe/Copenhagen": "Aarhus, København",
    "Europe/Dublin": "Cork, Galway",
    "Europe/Istanbul": "Ankara, Izmir, Antalya",
    "Europe/Kyiv": "Kiev, Lviv, Kharkiv, Odesa, Odessa",
    "Europe/Lisbon": "Porto, Lisboa, Coimbra",
    "Europe/London": (
        "Edinburgh, Manchester, Glasgow, Cardiff, Belfast, Oxford, Leeds, Liverpool, Londres, England, Scotland, Wales,"
        " Northern Ireland"
    ),
    "Europe/Madrid": "Barcelona, Seville, Sevilla, Bilbao, Málaga",
    "Europe/Malta": "Valletta",
    "Europe/Moscow": "Saint Petersburg, Sankt-Peterburg, Kazan, Sochi, Nizhny Novgorod, Moskva, Rostov-on-Don",
    "Europe/Oslo": "Bergen, Trondheim, Tromsø",
    "Europe/Paris": "Strasbourg, Lyon, Marseille, Nice, Cannes, Toulouse, Bordeaux, Lille, Sophia Antipolis",
    "Europe/Prague": "Brno, Praha",
    "Europe/Rome": "Milan, Milano, Turin, Torino, Naples, Napoli, Florence, Venice, Bologna, Trieste, Roma, Genoa",
    "Europe/Stockholm": "Gothenburg, Göteborg, Malmö, Uppsala",
    "Europe/Tirane": "Tirana",
    "Europe/Vatican": "Vatican City, Holy See",
    "Europe/Vienna": "Graz, Salzburg, Linz, Innsbruck, Wien",
    "Europe/Vilnius": "Kaunas",
    "Europe/Warsaw": "Katowice, Poznan, Kraków, Cracow, Gdansk, Wrocław, Łódź, Warszawa",
    "Europe/Zurich": "Geneva, Genève, Genf, Ginebra, Ginevra, Bern, Berne, Basel, Lausanne, Lugano, Davos, Montreux",
    "Indian/Comoro": "Moroni",
    "Indian/Maldives": "Malé",
    "Indian/Mauritius": "Port Louis",
    "Indian/Reunion": "Saint-Denis de la Réunion",
    "Pacific/Auckland": "Wellington, Christchurch, Queenstown",
    "Pacific/Efate": "Port Vila",
    "Pacific/Fiji": "Suva, Nadi",
    "Pacific/Guadalcanal": "Honiara",
    "Pacific/Guam": "Hagåtña",
    "Pacific/Honolulu": "Hawaii, Maui",
    "Pacific/Nauru": "Yaren",
    "Pacific/Palau": "Ngerulmud, Melekeok, Koror",
    "Pacific/Pohnpei": "Palikir",
    "Pacific/Rarotonga": "Avarua",
    "Pacific/Tahiti": "Papeete",
    "Pacific/Tarawa": "South Tarawa",
    "Pacific/Tongatapu": "Nuku'alofa",
}

HOMONYMS: Mapping[str, str] = {
    # a name that places in several zones bear -> their zones, the best known place first
    "Alexandria": "Africa/Cairo America/New_York",
    "Birmingham": "Europe/London America/Chicago",
    "Cambridge": "Europe/London America/New_York",
    "Cartagena": "America/Bogota Europe/Madrid",
    "Córdoba": "America/Argentina/Cordoba Europe/Madrid",
    "George Town": "America/Guyana Asia/Kuala_Lumpur America/Cayman",
    "Granada": "Europe/Madrid America/Managua",
    "Hamilton": "America/Toronto Pacific/Auckland Atlantic/Bermuda",
    "Hyderabad": "Asia/Kolkata Asia/Karachi",
    "Kingston": "America/Jamaica America/Toronto",
    "León": "America/Mexico_City Europe/Madrid America/Managua",
    "Newcastle": "Europe/London Australia/Sydney",
    "Petersburg": "Europe/Moscow America/Indiana/Petersburg",
    "Portland": "America/Los_Angeles America/New_York",
    "San José": "America/Costa_Rica America/Los_Angeles",
    "San Juan": "America/Puerto_Rico America/Argentina/San_Juan",
    "Santa Cruz": "America/La_Paz America/Los_Angeles Atlantic/Canary",
    "Saint John's": "America/St_Johns America/Antigua",
    "Tripoli": "Africa/Tripoli Asia/Beirut",
    "Valencia": "America/Caracas Europe/Madrid",
    "Victoria": "Australia/Melbourne America/Vancouver Indian/Mahe",
    "Washington": "America/New_York America/Los_Angeles",
}

COUNTRY_ALIASES: Mapping[str, str] = {
    # ISO 3166 code -> names of the country that the tz database's own list does not give
    "AE": "UAE, Emirates, Émirats arabes unis",
    "AX": "Åland",
    "BA": "Bosnia, Bosnia-Herzegovina",
    "BO": "Plurinational State of Bolivia",
    "BN": "Brunei Darussalam",
    "BR": "Brasil",
    "CD": "DRC, DR Congo, RDC, Congo-Kinshasa, Democratic Republic of the Congo",
    "CF": "Central African Republic, CAR",
    "CG": "Republic of the Congo, Congo-Brazzaville",
    "CH": "Suisse, Schweiz, Svizzera",
    "CI": "Ivory Coast",
    "CN": "PRC, People's Republic of China, Mainland China",
    "CV": "Cabo Verde",
    "CZ": "Czechia",
    "DE": "Deutschland, Allemagne",
    "ES": "España",
    "FK": "Malvinas",
    "FM": "Federated States of Micronesia",
    "GB": "UK, United Kingdom, Great Britain",
    "IE": "Republic of Ireland, Éire",
    "IR": "Islamic Republic of Iran",
    "IT": "Italia",
    "JP": "Nippon",
    "KR": "South Korea, Republic of Korea, ROK, Korea",
    "KP": "North Korea, DPRK, Democratic People's Republic of Korea, Korea",
    "LA": "Lao, Lao PDR, Lao People's Democratic Republic",
    "LY": "State of Libya",
    "MD": "Republic of Moldova",
    "MK": "Macedonia",
    "MM": "Burma",
    "MO": "Macao SAR",
    "MX": "México",
    "NL": "Holland, Nederland, Kingdom of the Netherlands",
    "PS": "State of Palestine, Palestinian Territories",
    "RU": "Russian Federation",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "ST": "São Tomé",
    "TL": "Timor-Leste",
    "TR": "Türkiye",
    "TW": "Chinese Taipei, ROC",
    "TZ": "United Republic of Tanzania",
    "US": "US, USA, U.S.A., United States of America",
    "VA": "Vatican",
    "VC": "Saint Vincent and the Grenadines",
    "VE": "Bolivarian Republic of Venezuela",
    "VN": "Viet Nam",
    "WS": "Samoa",
}

# zones by how many people roughly live by them, most first; in countries of many zones the few that differ
ZONES_BY_PEOPLE: str = """
    Asia/Kolkata Asia/Shanghai Asia/Karachi Africa/Lagos Asia/Jakarta Asia/Dhaka America/Sao_Paulo America/New_York
    Asia/Tokyo Africa/Addis_Ababa Asia/Manila Africa/Cairo Europe/Moscow America/Mexico_City Asia/Ho_Chi_Minh
    America/Chicago Asia/Tehran Europe/Istanbul Europe/Berlin Asia/Bangkok Europe/London Europe/Paris
    Africa/Dar_es_Salaam Africa/Johannesburg Europe/Rome Africa/Nairobi Asia/Yangon America/Bogota America/Los_Angeles
    Asia/Seoul Africa/Kinshasa Africa/Lubumbashi Africa/Khartoum Africa/Kampala Europe/Madrid Africa/Algiers
    Asia/Baghdad Asia/Kabul Europe/Kyiv Africa/Casablanca Europe/Warsaw Africa/Luanda Asia/Riyadh Asia/Tashkent
    Asia/Makassar Asia/Aden Africa/Accra Africa/Maputo America/Lima Asia/Kathmandu Africa/Abidjan
    Indian/Antananarivo America/Caracas Africa/Douala Africa/Niamey Asia/Kuala_Lumpur Asia/Pyongyang America/Toronto
    Asia/Damascus Asia/Taipei Africa/Bamako Africa/Ouagadougou Asia/Colombo America/Argentina/Buenos_Aires
    Africa/Blantyre Asia/Urumqi Africa/Lusaka America/Denver Asia/Almaty Asia/Yekaterinburg Africa/Ndjamena
    America/Santiago Europe/Bucharest Africa/Mogadishu Africa/Dakar Asia/Phnom_Penh Europe/Amsterdam
    America/Guatemala America/Guayaquil America/Fortaleza Africa/Harare America/Bahia Africa/Kigali Africa/Conakry
    Africa/Bujumbura Africa/Tunis America/La_Paz America/Port-au-Prince Europe/Brussels Asia/Amman
    America/Santo_Domingo Europe/Prague Europe/Stockholm Europe/Lisbon Asia/Dubai Europe/Athens Asia/Baku
    Asia/Jerusalem America/Tegucigalpa America/Havana Asia/Dushanbe Europe/Budapest Europe/Minsk Europe/Vienna
    Europe/Zurich Asia/Hong_Kong Asia/Bishkek America/Phoenix Australia/Sydney America/Argentina/Cordoba
    Europe/Belgrade Africa/Tripoli Australia/Melbourne America/Asuncion America/Monterrey Asia/Singapore
    Europe/Copenhagen Europe/Helsinki Europe/Oslo America/Vancouver Europe/Dublin Pacific/Auckland Australia/Brisbane
    America/Edmonton Europe/Samara America/Manaus Asia/Krasnoyarsk America/Tijuana Asia/Irkutsk Asia/Hebron Asia/Gaza
    America/Cuiaba America/Hermosillo Asia/Tbilisi Asia/Novosibirsk Asia/Jayapura Asia/Vladivostok America/Mazatlan
    Australia/Perth Asia/Ulaanbaatar Asia/Yerevan America/Cancun Australia/Adelaide Asia/Omsk America/Winnipeg
    Pacific/Port_Moresby Pacific/Honolulu America/Halifax Europe/Kaliningrad Asia/Kamchatka America/Rio_Branco
    Pacific/Fiji America/Anchorage America/St_Johns Atlantic/Cape_Verde Pacific/Guadalcanal Australia/Darwin
    Atlantic/Azores Pacific/Tongatapu Pacific/Apia America/Nuuk Pacific/Tahiti
"""
