"""What people call the sounds, in eleven languages beside English.

A `*` stands for any ending. What begins with `+` goes again and again unless a number is said: bells, barking.
"""

from __future__ import annotations

CALLED = {
    "dog": "+barking|+dog barking|doggo|doggy|woofs|hund*|+gebell|+hundegebell|bellt|bellen*|chien*|aboie*|"
    "+aboiements|perr[oa]*|ladra*|+ladridos|cane|cani|abbaia*|+latrati|cachorr*|cao|caes|latem|latido*|hond|honden|"
    "blaf*|+geblaf|pies|psy|psa|szczek*|собак*|пес|лает|лаять|лай|狗|犬|いぬ|吠え*|kopek*|havl*",
    "cat": "+meowing|+cat meowing|katze*|kater|miau*|le chat|un chat|chats|chat miaul*|chaton*|miaul*|gat[oa]s?|"
    "gatt[oaie]|miagol*|maulla*|miam|miad*|kat|katten|mauw*|kot|koty|kota|miauc*|кошк*|кот|кота|мяу*|мяука*|猫|ねこ|"
    "ニャ*|鳴き声の猫|kedi*|miyav*",
    "cow": "+mooing|kuh|kuhe|muh|muht|vache*|meugle*|vaca*|muge*|mucc*|vacche|muggi*|mugid*|koe|koeien|loeit|krow*|"
    "muczy|коров*|мычи*|мычание|牛|うし|モー*|inek|inekler",
    "horse": "neighs|whinnies|pferd*|wiehert*|wiehern|cheval|chevaux|hennit*|caball*|relinch*|cavall*|nitri*|"
    "cavalo*|relincha*|paard*|hinnik*|konie|konia|rży|лошад*|конь|ржет|ржание|马|馬|うま|at kisne*|kisne*",
    "sheep": "+bleating|schaf*|blok|blokt|mouton*|brebis|bele|belent|oveja*|cordero*|bala|balan|pecor*|agnell*|bela|"
    "belano|ovelha*|cordeiro*|schaap|schapen|blaat|blaten|owc*|owiec|becz*|овц*|овец|овечк*|блеет|блеяние|羊|ひつじ|"
    "koyun*|mele*",
    "pig": "+oinking|schwein*|grunzt*|grunzen|cochon*|porc|porcs|cerdo*|chanch*|gruñ*|maial*|porco|porcos|porci|"
    "grugni*|grunhi*|varken*|knort|swini*|chrumka*|свинь*|хрюка*|猪叫|猪|豚|ぶた|domuz*",
    "rooster": "rooster crows|rooster crowing|roosters crowing|roosters crow|+crowing|cock crows|hahn*|krah*|"
    "kikeriki|coq|coqs|cocorico|gallo|galli|gallos|quiquiriqui|chicchirichi|galo|galos|haan|hanen|kraait|kogut*|"
    "pieje|петух*|кукарек*|公鸡|雄鸡|鸡叫|雄鶏|にわとり|ニワトリ|horoz*",
    "duck": "+quacking|ente|enten|quak*|canard*|cancan*|pato|patos|graznan|anatr*|starnazz*|qua qua|grasna*|eend*|"
    "kwaak*|kwaakt|kaczk*|kwacz*|kwacze|утк*|утка|крякa*|кряка*|鸭*|アヒル|あひる|カモ|ordek*",
    "owl": "owls|+hooting|eule*|uhu|kauz|hibou*|chouette*|hulule*|buho*|lechuza*|ulula*|guf[io]|civett*|coruj*|uil|"
    "uilen|sow[ay]|sowie|pohuk*|сов[аыу]|филин*|ухает|猫头鹰|フクロウ|ふくろう|baykus*",
    "frog": "+croaking|frosch*|frosche*|grenouille*|coasse*|rana|ranas|rane|croa*|gracida*|sapo|sapos|coaxa*|"
    "kikker*|kwaken|zab[ay]|rechoc*|kumka*|лягушк*|квака*|青蛙|蛙|カエル|かえる|kurbaga*",
    "rain": "rainy|rains|rainstorm|regen|regnet|regentropfen|regenschauer|nieselregen|platzregen|wolkenbruch|pluie*|"
    "pleut|averse*|pleuvoir|lluvia*|llueve|llover|llovizna|aguacero|pioggi*|piove|pioviggin*|acquazzone|chuva*|"
    "chove|chuvisco|regent|motregen|regenbui|stortbui|deszcz*|pada deszcz|ulew*|mzawka|дожд*|ливень|ливн*|雨|あめ|"
    "yagmur*",
    "dripping": "dripping water|drips|dripping*|tropft|tropfen*|tropfender|wasserhahn tropft|goutte*|"
    "goutte a goutte|robinet qui goutte|gotea*|gotas|goteo|goccia*|gocce|gocciol*|pinga*|gotejar|goteja*|druppel*|"
    "druppelt|kapie|kapiac*|krople|капа*|капли|капель|滴水|水滴|ポタ*|しずく|damla*",
    "thunder": "thunders|thundering|lightning|lightning bolt|storm|donner*|donnert|gewitter*|blitz*|tonnerre*|"
    "orage*|foudre|eclair*|trueno*|truena*|tormenta*|relampago*|tuon[oia]*|temporale|fulmin*|trova*|trovoada|"
    "trovoes|tempestade*|raio|raios|donder*|onweer*|bliksem*|grzmot*|grzmi|burz[aey]|piorun*|гром|грома|гремит|"
    "гроз[аыу]|молни*|雷*|打雷|かみなり|gok gurul*|gok gurl*|simsek*|firtina*",
    "wind": "winds|windstorm|howling gale|sturm|sturmt|windboe*|boe|boen|vent|venti|bourrasque*|viento*|vendaval|"
    "rafaga*|vento*|ventania|tempesta di vento|wiatr*|wieje|wichur*|storm wind|ветер|ветр[аоу]*|вьюга|метель|风声|"
    "风|大风|風|風の音|かぜ|ruzgar*",
    "sea waves": "meer|meeresrauschen|meeres*|wellen|brandung|strand|ozean*|mer|vague*|ocean*|plage|oceano*|mar|"
    "olas|oleaje|playa|mare|onde del mare|onde|oceani|spiaggia|risacca|ondas|praia|zee|golven|branding|morze|morza|"
    "fale|plaza|море|моря|морские волны|волн*|прибой|океан*|海*|海浪|波|波の音|うみ|deniz*|dalga*",
    "stream": "flowing water|bachlein|fluss|platschert|ruisseau*|riviere|cours d'eau|arroyo*|riachuelo|rio|ruscell*|"
    "torrente|fiume|riacho|corrego|ribeiro|beek|beekje|rivier|strumie*|potok*|rzek*|ручей|ручь*|река|реки|小溪|溪流|"
    "河|流水|小川|せせらぎ|川|dere|akarsu|irmak",
    "waterfall": "wasserfall*|wasserfalle|cascade*|chute d'eau|cascada*|catarata*|cascat*|cachoeira*|waterval*|"
    "wodospad*|водопад*|瀑布|滝|selale*",
    "fire": "fires|crackling|burning|feuer*|lagerfeuer|kaminfeuer|knistert*|feu|feu de camp|cheminee|crepit*|fuego|"
    "una llama|la llama|llamas|hoguera|fogata|chimenea|fuoco|falo|camino acceso|fogo|fogueira|lareira|vuur|"
    "kampvuur|haardvuur|knettert|ogien|"
    "ognisk*|trzaska*|kominek|огонь|огня|кост[её]р*|камин*|火|篝火|焚き火|たき火|暖炉|ates|kamp atesi",
    "boiling water": "kochendes wasser|kocht|brodelt|sprudelt|blasen|blubber*|bouillant*|eau qui bout|bulles|"
    "hirviendo|hierve|burbujas|burbujeo|bollente|bolle|fervendo|ferve|bolhas|kokend water|kookt|bubbels|wrzac*|"
    "gotuj*|babelki|кипит|кипящ*|кипяток|пузыр*|沸腾|开水|泡|沸騰|お湯が沸く|kaynayan su|kayna*",
    "splash": "splashes|platscher|spritzer|klatscht ins wasser|plongeon|eclabouss*|plouf|chapuzon|salpica*|"
    "zambullida|tuffo|schizz*|spruzz*|mergulho|splash|plons*|plusk*|plusn*|всплеск*|плеск*|溅水|水花|水しぶき|"
    "ドボン|su sicra*",
    "pouring water": "pours|pouring water|wasser eingiessen|giesst|gießt|eingiess*|einschenken|verser|"
    "verse de l'eau|eau qui coule|verter|vierte|grifo abierto|agua corriente|versa*|versare acqua|rubinetto|"
    "despeja*|torneira|inschenken|giet|kraan|nalew*|lanie wody|nalewa*|наливает*|льется вода|льют воду|倒水|"
    "水を注ぐ|注ぐ|su dok*",
    "explosion": "explodes|exploding|explosions|explodiert|knall|sprengung|bombe*|explos*|esplo*|explota|estallido|"
    "scoppi*|bomb[ae]*|explode|explodir|ontploff*|explodeert|eksplo*|wybuch*|взрыв*|взрыва*|бомба|爆炸|爆発*|patla*",
    "fireworks": "+fireworks|feuerwerk*|feux d'artifice|feu d'artifice|petard*|fuegos artificiales|cohetes|"
    "fuochi d'artificio|fuochi artificiali|fogos de artificio|rojoes|vuurwerk|fajerwerk*|sztuczne ognie|фейерверк*|"
    "салют*|烟花|鞭炮|花火|havai fisek*",
    "gunshot": "gunfire|gun shots|shots|gun fires|gun is fired|shots are fired|shot is fired|"
    "schuss|schusse|schiesst|pistole*|gewehr*|coup de feu|coups de feu|tirs|"
    "pistolet*|disparo*|dispara*|tiro|tiros|sparo|spari|spara*|colpo di pistola|colpi di pistola|schot|schoten|"
    "schiet|strzal*|strzela*|выстрел*|стреля*|枪声|枪|開枪|銃声|銃|silah sesi|silah*",
    "birds": "+seagulls|seagull|mowe*|mouette*|gaviota*|gabbian*|gaivota*|meeuw*|meeuwen|чайк*|海鸥|カモメ|+birds|"
    "bird song|tweets|vogel|vogelgezwitscher|vogelgesang|vogelstimmen|zwitscher*|oiseau*|chant d'oiseau*|gazouill*|"
    "pajar[oi]*|pajaritos|canto de pajaros|aves|uccell[oi]*|cinguett*|passar[oi]*|passarinho*|vogels|vogeltjes|"
    "fluitende vogels|ptak*|ptaki|cwierk*|swiergot*|птиц*|птичк*|пение птиц|чирика*|щебет*|鸟*|鸟鸣|鸟叫|鳥*|とり|"
    "さえずり|kuslar*|kus sesi*",
    "crickets": "grilo*|+crickets|grille|grillen|zikade*|zirpen*|grillon*|cigale*|grillos|grillo|cigarra*|"
    "chicharra*|grilli|cicale|krekel*|swierszcz*|cykad*|сверч*|цикад*|蟋蟀|蛐蛐|蝉|コオロギ|虫の声|セミ|cirkir*|"
    "agustos bocegi",
    "bees": "+bees|buzzing|biene*|wespe*|hummel*|summt|summen|bienenstock|abeille*|guepe*|bourdon*|abeja*|avispa*|"
    "zumbid*|zumba*|l'ape|le api|vespa|vespe|ronzi*|ronza*|abelha*|zumbem|een bij|bijen|wesp*|zoem*|pszczol*|osa|"
    "osy|bzycz*|пчел*|ос[аы]|жужж*|蜜蜂|蜂|ハチ|ミツバチ|はち|ari|arilar",
    "mosquito": "mosquitoes|mucke*|schnake|moustique*|mosquito*|zanzar*|pernilongo*|een mug|muggen|komar*|комар*|"
    "蚊*|蚊子|か の羽音|sivrisinek*",
    "wolf": "wolves|howls|+howling|heult der wolf|wolfsgeheul|wolfe|loup|loups|hurle*|lobo*|aulla*|aullid*|lupo|"
    "lupi|ulula il lupo|uiva*|wolven|huilende wolf|wilk*|wyje|волк*|воет|вой|狼*|オオカミ|おおかみ|kurtlar|uluma*",
    "snake": "snakes|hisses|schlange*|zischt|serpent*|siffle le serpent|serpiente*|culebra|serpente*|sibil*|cobra*|"
    "een slang|slangen|sist|waz|weze|syczy|зме[яийю]|шип[ие]*|蛇*|ヘビ|へび|yilan*",
    "engine": "car engine|engine running|engine starts|motorengerausch|motor lauft|motor*|moteur*|motores|motori|"
    "motoren|silnik*|двигател*|мотор*|发动机|引擎|エンジン*",
    "motorcycle": "motorrad*|moto|motos|motocicl*|motocykl*|motorfiets*|мотоцикл*|摩托*|オートバイ|バイク|motosiklet*",
    "chainsaw": "chainsaws|kettensage*|motorsage|tronconneuse*|motosierra*|motosega|motoss?erra|kettingzaag|"
    "pila lancuchowa|pily lancuchowej|бензопил*|电锯|链锯|チェーンソー|elektrikli testere",
    "helicopter": "hubschrauber*|helikopter*|helicopter*|elicotter*|śmiglowiec|smiglowiec|вертолет*|вертолёт*|直升*|"
    "ヘリ*|ヘリコプター",
    "aeroplane": "airplanes|planes|flugzeug*|duesenjet|dusenjet|avion*|aviao|avioes|aereo|aerei|vliegtuig*|samolot*|"
    "самолет*|самолёт*|飞机*|飛行機|ucak*",
    "train": "trains|railroad|zug|zuge|eisenbahn|treno|treni|trem|trens|tren|trenes|comboio|trein|treinen|pociag*|"
    "поезд*|火车|列车|地铁|電車|列車|tren*",
    "train horn": "train horns|ship's horn|schiffshorn|nebelhorn|zugpfeife|corne de brume|sifflet du train|"
    "sirena de barco|bocina de tren|silbato de tren|fischio del treno|apito do trem|apito de trem|misthoorn|"
    "treinhoorn|gwizd pociagu|гудок поезда|гудок паровоза|火车汽笛|汽笛|tren duduk*",
    "siren": "sirens|martinshorn|polizei*|krankenwagen|feuerwehr|sirene|sirenen|sirenes|sirena*|pompiers|ambulanc*|"
    "policia|bomberos|polizia|pompieri|policja|syren*|karetk*|сирен[аыу]*|скорая|полици*|警笛|警报|救护车|警车|"
    "消防车|サイレン|パトカー|救急車|siren*|ambulans|polis",
    "car horn": "bocina de coche|bocina de auto|bocina de carro|klaxon de voiture|clacson di auto|"
    "clacson della macchina|buzina de carro|claxon van een auto|hupe|hupen|hupt|autohupe|klaxon*|klaxonne*|bocina*|"
    "claxon*|pita|clacson|suona il clacson|buzina*|buzine|toeter*|klakson*|trabi*|гудок*|гудит|сигналит|клаксон*|"
    "автомобильный гудок|喇叭|汽车喇叭|クラクション|korna*",
    "passing car": "+cars|auto|autos|autoverkehr|verkehr*|strassenverkehr|straßenverkehr|voiture*|circulation|"
    "trafic|coche*|trafico|macchin[ae]*|traffico|automobil[ei]|carro|carros|transito|trafego|auto's|verkeer|"
    "samochod*|ruch uliczny|машин[аыу]|автомобил*|дорожное движение|汽车|车流|交通|車|くるま|自動車|araba*|trafik",
    "typing": "types|tastatur*|tippt|tippen|schreibmaschine|clavier|tape au clavier|teclado*|teclea*|tecleo|"
    "tastiera|digita*|digitando|toetsenbord|typen|typt|klawiatur*|pisanie na klawiaturze|клавиатур*|печата*|打字|"
    "键盘*|敲键盘|タイピング|キーボード|klavye*",
    "static": "white noise|radio noise|rauschen|statisches rauschen|friture|bruit blanc|ruido blanco|estatica|"
    "rumore bianco|scariche|ruido branco|chiado|ruis|witte ruis|bialy szum|szum radiowy|белый шум|помехи|白噪音|"
    "ホワイトノイズ|砂嵐|beyaz gurultu|parazit",
    "hum": "humming machine|brummen|brummt|summton|netzbrummen|raumschiff|bourdonnement electrique|"
    "ronflement du secteur|vaisseau spatial|zumbido electrico|nave espacial|ronzio elettrico|astronave|brom|gebrom|"
    "ruimteschip|buczenie|statek kosmiczny|гул|гудение|космический корабль|嗡嗡声|宇宙船|ugultu",
    "telephone": "telephone bell|phone bell|+ringing phone|+phone ringing|+telephone ringing|telefon*|handy|"
    "telephone*|telefono*|telefone*|telefoon|телефон*|звонит телефон|电话*|手机|電話*|でんわ",
    "alarm clock": "alarm goes off|wecker|weckt|reveil|reveil-matin|despertador*|sveglia|wekker|budzik*|будильник*|"
    "闹钟|目覚まし*|çalar saat|calar saat",
    "smoke alarm": "smoke alarms|rauchmelder|feueralarm|alarmanlage|detecteur de fumee|alarme incendie|alarme|"
    "detector de humo|alarma|allarme*|alarme de incendio|rookmelder|brandalarm|alarm pozarowy|czujnik dymu|"
    "сигнализаци*|пожарная тревога|火警|烟雾报警器|火災報知器|警報|yangin alarm*",
    "beep": "+beeping|beeps|piept|piepton*|piepsen|piep|bip|bips|pitido*|beeptoon|pieptoon|sygnal dzwiekowy|писк|"
    "пищит|бип*|哔*|嘀*|ピー*|ビープ*|bip*",
    "doorbell": "door bell|doorbells|turklingel|klingelt an der tur|es klingelt|sonnette*|on sonne a la porte|"
    "timbre|campanello|campainha|deurbel|dzwonek do drzwi|звонок в дверь|дверной звонок|门铃|ドアベル|チャイム|"
    "インターホン|kapi zili",
    "laser": "lasers|laser gun|laser guns|laser shot|laser shots|laserpistole|laserschuss|rayon laser|"
    "pistolet laser|rayo laser|raggio laser|raio laser|laserpistool|лазер*|激光*|レーザー*|lazer*",
    "fan": "fans|ventilator*|lufter|ventilateur*|ventilador*|ventilatore*|wentylator*|вентилятор*|кондиционер*|风扇|"
    "空调|扇風機|換気扇|vantilator",
    "church bell": "+church bells|+bells|kirchenglocke|+kirchenglocken|+glocken|glockengelaut|glockenlauten|"
    "cloche d'eglise|+cloches d'eglise|+cloches|campana de iglesia|+campanas de iglesia|+campanas|"
    "campana della chiesa|+campane di chiesa|+campane della chiesa|+campane|sino da igreja|sino de igreja|"
    "+sinos da igreja|+sinos de igreja|+sinos|kerkklok|+kerkklokken|+klokken|dzwon koscieln*|+dzwony koscielne|"
    "+dzwony|церковный колокол|+церковные колокола|+колокол[аовы]*|教堂钟声|教堂的钟声|钟声|教会の鐘|鐘|kilise can*",
    "bell": "glocke|klingel|glockchen|cloche|clochette*|campana|campanita|campanella|campanilla|sino|sininho|bel|"
    "belletje|dzwonek|dzwoneczek|dzwon|колокольчик*|колокол|звонок|铃*|铃声|铃铛|ベル|鈴|すず|zil*",
    "wind chimes": "windspiel*|carillon|carillon a vent|carillon eolien|campanas de viento|campanelle a vento|"
    "sinos de vento|windgong|dzwonki wietrzne|музыка ветра|风铃|風鈴|ruzgar cani",
    "sleigh bells": "schlittenglock*|schellen|grelots|cascabeles|campanelli|sonagli|guizos|belletjes|dzwoneczki|"
    "бубенц*|雪橇铃|そりの鈴",
    "clock": "clocks|ticks|tocks|wall clock|tic-tac|tic tac|tictac|tick-tock|tik-tak|tiktak|uhr|uhren|tickt|ticken|"
    "wanduhr|horloge*|pendule|reloj*|orolog*|ticchett*|relogio*|klok|tikt|tikkende|zegar*|tyka*|час[ыов]+|тика*|"
    "тик-так|时钟|钟表|滴答*|嘀嗒*|時計*|とけい|チクタク|saat*",
    "footstep": "+footsteps|+steps|+walking|+walks|+walk|+running feet|+schritte|schritt|+geht|+lauft|+des pas|"
    "+les pas|+bruits de pas|+bruit de pas|+pas dans|+pas sur|+pas lents|+pas rapides|+pasos|+caminando|+camina|"
    "+passi|+cammina*|+passos|+caminhando|+caminha|+voetstappen|+stappen|+loopt|+kroki|+krokow|+шаги|+шагов|+идет|"
    "+ходит|+脚步*|+走路|+足音|+歩く*|+ayak sesleri|+adim*",
    "knock": "ドアを|+knocks|+knocking|klopf*|+klopft|+klopfen|+klopfer|coup a la porte|coups a la porte|"
    "coup sur la porte|coups sur la porte|+frappe*|toc toc|toc|golpe*|golpes en la puerta|tocan a la puerta|"
    "llama|llaman|colp[io]|colpi alla porta|buss[aoi]*|bussano|batida*|batidas na porta|bate|batem|bater|"
    "batem na porta|bater na porta|klop*|geklop|puk*|pukni*|pukanie|do drzwi|stuka*|стук*|стучит|стучат|敲门*|敲|"
    "ノック*|"
    "kapi cal*|kapiyi cal*|tikla*",
    "door slam": "ドアを閉め*|ドアが閉ま*|ドアが開*|door slams|"
    "car door|car doors|car door slams|door opens|door closes|door shutting|door opening|"
    "creaking door|tur|ture|turschlag|porte|porte qui claque|portes|puerta*|portazo|porta|porte che sbatte|deur|"
    "deuren|dichtslaa*|drzwi|trzask drzwi|дверь|двери|дверью|хлопает дверь|门|关门|摔门|ドア|扉|kapi|kapi carp*",
    "glass breaking": "glass breaks|glass shatters|window breaks|broken window|shatters|smashing|zerbricht|"
    "zerbrechendes glas|glas zerbricht|splitter*|scherben|glasbruch|verre qui se brise|verre brise|bris de verre|"
    "verre casse|vitre cassee|vitre qui se brise|cristal roto|cristales rotos|cristal rompiendose|vidrio roto|"
    "vidrio*|cristal*|vetro che si rompe|vetro rotto|vetri rotti|vetro|vidro quebrando|vidro quebrado|vidro*|"
    "brekend glas|gebroken glas|glas breekt|glasscherven|tluczone szklo|tluczenie szkla|rozbite szklo|szklo|"
    "разбитое стекло|бьется стекло|разбивается стекло|звон стекла|стекл[оа]|打碎玻璃|玻璃*|ガラス*|cam kiril*",
    "sawing": "saws|holz sagen|handsage|scie|scier|serrucho|serrar|aserra*|sega*|segare|serrote|serrando|zaag|zagen|"
    "zaagt|pila reczna|pilowa*|пила|пилит|锯*|锯木头|のこぎり|testere",
    "applause": "claps|+clapping|cheering|cheers|crowd cheers|applauds|applaus|beifall|klatsch*|applaudi*|"
    "applaudissement*|aplauso*|aplaud*|applausi|palmas|applaudisseer*|klappen|oklask*|brawa|аплодисмент*|хлопают|"
    "鼓掌|掌声|拍手|はくしゅ|alkis*",
    "heartbeat": "+heartbeats|heart beats|+heart beating|herzschlag|+herzschlage|herzklopfen|battement de coeur|"
    "+battements de coeur|coeur qui bat|latido del corazon|+latidos del corazon|+latidos|corazon|battito del cuore|"
    "+battiti|battito cardiaco|batimento cardiaco|+batimentos|+batidas do coracao|coracao|hartslag|+hartslagen|"
    "bicie serca|serce|сердцебиение|биение сердца|стук сердца|сердце|心跳*|心音|心臓の音|鼓動|kalp at*",
    "whistle": "whistles|trillerpfeife|pfeife|pfiff|pfeift|sifflet*|siffle|silbato*|pitido del arbitro|fischi*|"
    "fischietto|apito*|assobi*|fluitje|fluit|gwizd*|gwizdek|свист*|свисток|哨*|口哨|口笛|笛|duduk|islik*",
    "snoring": "+snores|schnarch*|ronfle*|ronflement*|ronca*|ronquid*|russa*|ronco*|snurk*|chrap*|храп*|打呼*|打鼾|"
    "いびき|horla*",
    "whoosh": "whooshes|zischendes vorbeifliegen|rauscht vorbei|souffle rapide|zumbido rapido|fruscio veloce|świst|"
    "свист меча|嗖*|ヒュー*|シュッ*",
    "paper": "papers|rustling paper|papier*|raschel*|papel|papel arrugado|carta stropicciata|carta|amassar papel|"
    "папир*|бумаг*|шуршит|шелест бумаги|纸|揉纸|紙|かみ|kagit*",
    "sonar": "u-boot|unterseeboot|sous-marin|submarino|sottomarino|onderzeeer|duikboot|okret podwodny|"
    "подводная лодка|сонар|声纳|潜艇|ソナー|潜水艦|denizalti",
    "crow": "+cawing|krahe*|rabe*|krachzt|corbeau*|corneille*|croasse*|cuervo*|grazna*|corv[oi]*|gracchia*|corvo*|"
    "kraai*|wron[ay]|kruk*|kracz*|ворон*|каркает|карка*|乌鸦|カラス|からす|karga*",
    "pigeon": "+cooing|taube*|gurrt|gurren|pigeon*|colombe*|roucoul*|paloma*|arrull*|piccion*|colomb[ae]|tubano|"
    "pomb[oa]*|arrulh*|duif*|duiven|golab|golebi*|grucha*|голуб*|воркует|воркова*|鸽子|鸠|鳩|ハト|guvercin*",
    "lion": "+roaring lion|lions|lowe|lowen|brullt|lion rugit|rugi*|leon*|ruge|rugid*|leone|leoni|ruggi*|leao|leoes|"
    "leeuw*|brult|lew|lwy|ryczy|лев|львы|льва|рыч[иа]*|狮子|老虎|狮吼|ライオン|トラ|aslan*|kukre*",
    "whale": "+whales|wal|wale|walgesang|buckelwal|baleine*|chant de baleine*|ballena*|balen[ae]|canto delle balene|"
    "baleia*|walvis*|wieloryb*|кит|киты|песня кита|鲸*|クジラ|くじら|balina*",
    "mouse": "+mice|mouse squeaks|maus|mause|piepsende maus|ratte*|souris|rat|rats|couine*|raton|ratones|rata|ratas|"
    "topo|topi|ratto|ratti|squitti*|rato|ratos|camundong*|muis|muizen|mysz*|myszy|szczur*|мышь|мыши|крыс*|老鼠|"
    "ネズミ|ねずみ|fare|fareler",
    "purring": "cat purr*|katze schnurr*|chat ronronn*|gato ronron*|gatto fa le fusa|purrs|purring cat|schnurr*|"
    "schnurrende katze|ronronne*|chat qui ronronne|ronrone*|gato ronroneando|fusa|gatto che fa le fusa|ronrona*|"
    "gato ronronando|spint|spinnende kat|mrucz*|kot mruczy|мурлы*|мурчит|кошка мурлычет|猫打呼噜|呼噜声|"
    "猫のゴロゴロ|ゴロゴロ|mirla*|mirildan*",
    "galloping horse": "gallops|horse gallops|horses galloping|horse gallop|hoofs|trotting|galopp*|pferd galoppiert|"
    "pferde galoppieren|hufe|hufgetrappel|galop*|cheval au galop|chevaux au galop|sabots de cheval|"
    "caballo al galope|caballo galopando|cascos de caballo|galope*|galopa*|galopp[ao]*|cavallo al galoppo|zoccoli|"
    "cavalo a galope|cavalo galopando|cascos de cavalo|paard in galop|galopperend paard|hoeven|galopujacy kon|"
    "kopyt*|галоп*|скачет лошадь|топот копыт|копыт*|马蹄*|奔马|馬の蹄|蹄の音|dortnala|at kosusu|nal sesi",
    "chicken": "+clucking|huhn|huhner|henne*|gackern|gackert|poule*|caquet*|gallina*|galline|cacare*|coccod*|"
    "chiocci*|galinha*|cacarej*|kip|kippen|kakel*|kura|kury|gdacze|gdakanie|куриц*|курица|куры|кудахта*|母鸡|小鸡|"
    "ニワトリの鳴き声|めんどり|tavuk*|gidakla*",
    "goose": "+honking geese|gans|ganse|schnattert|oie|oies|cacarde*|ganso*|oca|oche|starnazzare|ganzen|"
    "gakkende gans|ges|gesi|gega*|гусь|гуси|гогоч*|гогота*|鹅|大鹅|ガチョウ|がちょう|kaz sesi|kazlar",
}
"""By the name of the sound."""
