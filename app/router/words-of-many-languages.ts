import { Phrases } from './phrases.js';

/** What asks for a kind of work. Each line has a language's words, or those of several that are near each other. */
export const wordsOfManyLanguages = {
  explain: new Phrases(`
    explain describe tell_me_about tell_me_how tell_me_why why elaborate outline summarise summarize what_happens what_should what_can what_could
    what_causes how_is how_are how_was how_were how_do how_does how_did how_can how_could how_should how_would how_might how_to
    erklär* erläuter* beschreib* warum wieso weshalb wie_funktioniert wie_man wie_kann
    expliqu* décri* pourquoi comment_fonctionne* comment_faire comment_peut comment_puis-je comment_on
    explica* explique* describ* por_qué cómo
    descrev* por_que como_funciona como_se
    spiega* descriv* perché come_funziona come_mai
    leg_uit uitleg* waarom beschrijf* hoe_werkt
    förklar* beskriv* varför hur_man forklar* hvorfor hvordan
    wyjaśni* opisz* opowiedz* dlaczego jak_działa w_jaki_sposób vysvětli* popiš* proč
    объясн* опиш* расскаж* почему зачем поясн* розкаж* чому
    açıkla* anlat* neden niçin nasıl εξήγησ* περίγραψ* γιατί πώς
    giải_thích mô_tả hướng_dẫn tại_sao vì_sao như_thế_nào
    jelaskan uraikan mengapa kenapa bagaimana
    selitä kuvaile miksi miten magyarázd miért explică de_ce
    اشرح صف لماذا كيف وضح توضیح چرا הסבר תאר למה מדוע
    समझा बताइए क्यों कैसे वर्णन विधि อธิบาย ทำไม
    解释 解釋 说明 說明 为什么 為什麼 介绍 怎样 怎么 如何 なぜ どうして 教えて 説明 설명 왜 어떻게 איך`),
  write: new Phrases(`
    write draft compose rewrite rephrase paraphrase edit proofread shorten caption
    make_this make_these make_the make_my make_it turn_this turn_these turn_the turn_my turn_it put_this put_these put_the put_my put_it
    schreib* verfass* formulier* fass fasse zusammenfass* umschreib*
    écri* rédige* résum* reformule* escrib* redacta redactar resumen resumir resuma reescrib* escrev* redij* reescrev*
    scriv* riassum* riscriv* schrijf herschrijf vat_samen samenvat*
    skriv sammanfatta formuler* opsummer* oppsummer*
    napisz streść podsumuj przeredaguj napiš shrň
    напиш* сочин* перескаж* резюм* перефраз* yaz yazın özetle* γράψε περίληψη
    viết tóm_tắt tulis* buatkan ringkas* kirjoita tiivistä
    اكتب لخص כתוב סכם लिखिए लिखो लिखें सारांश 写 寫 总结 概括 改写 書いて 要約 まとめ 써 작성 요약`),
  suggest: new Phrases(`
    ideas tips advice suggest suggestions recommend recommendations ways_to ways_of help_me i_need i_want
    give_me_1* give_me_2* give_me_3* give_me_4* give_me_5* give_me_6* give_me_7* give_me_8* give_me_9* give_me_two give_me_three give_me_four give_me_five give_me_ten give_me_some give_me_a give_me_an give_me_the
    vorschläg* schlag* tipps ideen empfiehl* empfehl*
    propose* conseil* idées recommand* consej* recomiend* recomend* sugier* sugir* sugest* dicas ideias
    consigli* idee suggeri* tips ideeën förslag
    zaproponuj porad* pomysł* посовет* предлож* совет* порад* запропон*
    öner* gợi_ý lời_khuyên rekomendasi* ehdota vinkkejä
    اقترح نصائح सुझाव सुझाइए 建议 建議 推荐 推薦 提案 おすすめ アドバイス 추천 조언`),
  judge: new Phrases(`
    compare contrast analyse analyze evaluate assess critique critically synthesise synthesize weigh justify interpret examine investigate explore
    reconcile trace critic* critiq* prioritise prioritize root_cause root_causes to_what_extent argue_for argue_against argue_that discuss
    consider_the consider_how consider_what consider_whether into_account in_account is_it_ethical is_it_right is_it_wrong is_it_fair is_it_just
    vergleich* bewert* beurteil* analysier* wäg* abwäg* begründ* diskutier* erörter* untersuch* kritisier* vor-_und_nachteile
    compare comparez comparer compara comparar comparaison comparación évalu* analys* pèse* justifi* discut* critiqu* avantages inconvénients pour_et_contre
    evalú* evalu* analiz* analic* justific* argumenta argumentar ventajas desventajas
    avali* analis* vantagens desvantagens confronta confrontare valut* analizz* giustific* argoment* vantaggi svantaggi
    vergelijk* beoordeel* analyseer* onderbouw* bespreek* voordelen nadelen
    jämför* bedöm* diskutera* motivera* fördelar nackdelar sammenlign* vurder* diskuter* begrund* begrunn*
    porówn* oceń ocen* przeanalizuj rozważ* uzasadni* zalety wady porovn* zhodno* zdůvodn*
    сравни* оцени* проанализир* обсуди* обосну* взвес* аргумент* преимуществ* недостатк*
    порівня* оціни* проаналіз* обґрунт* переваг* недолік*
    karşılaştır* değerlendir* analiz_et* tartış* savun* avantaj* σύγκριν* αξιολόγ* ανάλυσ* συζήτ* αιτιολόγ*
    so_sánh phân_tích đánh_giá thảo_luận lập_luận bandingkan analisis* evaluasi diskusikan
    vertaa analysoi arvioi perustele
    قارن حلل ناقش قيّم مقایسه تحلیل השווה נתח तुलना मूल्यांकन विश्लेषण चर्चा तर्क लाभ_और_हानि
    比较 比較 分析 评价 評價 评估 評価 论证 論證 讨论 优缺点 利弊 論じ 考察 検討 是非 비교 분석 평가 논하 논의 장단점 찬반`),
  prove: new Phrases(`
    prove proof derive derivation disprove refute show_that show_why deduce_that deduce_why irrational
    beweis* zeige,_dass herleit* démontr* prouv* montre_que montrer_que demuestr* demostr* demonstre demonstrar dimostr*
    bewijs bevisa bevis udowodnij wykaż докаж* довед* kanıtla* ispatla* απόδειξ* απέδειξ*
    chứng_minh buktikan todista أثبت برهن सिद्ध 证明 證明 推导 証明 증명`),
  plan: new Phrases(`
    entwirf entwickle plane_eine* strategie conçois élabor* planif* stratégi* diseñ* estrategi* planej* estratégi*
    progett* pianific* strategia ontwerp* planera utforma zaplanuj zaprojektuj разработ* спланир* стратеги*
    planla* tasarla* kế_hoạch đề_xuất rancang rencana* usulkan
    خطة صمم حل_عادل योजना 设计 制定 规划 方案 計画 設計 戦略 対策 계획 설계 전략 방안`),
  fact: new Phrases(`
    who whose when where which how_many how_much how_old how_far how_long how_tall how_big how_deep how_high how_fast how_often
    what_is what_was what_are what_were what_does what_do what_did what_time what_year what_day what_colour what_color what_size
    stand_for called just_tell_me only_the only_want only_need the_number yes_or_no
    wer wann wo wie_viel* wie_heißt wie_hoch wie_lang* wie_alt welch* was_ist qui quand où combien quel quelle quels quelles
    quién* cuándo dónde cuánt* cuál* qué_es quem quando onde quant* qual quais chi dov'è dove_si qual_è
    wie_is wanneer waar hoeveel welk* wat_is vem när var hur_mång* hur_mycket vilk* vad
    kto kiedy gdzie ile jaki jaka jakie кто когда где сколько какой какая какое какие чему хто коли де скільки яка який
    kim ne_zaman nerede kaç nedir hangi* ποια ποιος πού πότε πόσ* là_gì bao_nhiêu ở_đâu khi_nào siapa kapan di_mana berapa apa_itu
    กี่ ใคร ที่ไหน เมื่อไร ვინ რომელი რამდენი როდის מי מהי כמה איפה متى أين كم ما_هي ما_هو कौन कब कहाँ कितन क्या_है 谁 什么时候 哪 多少 几 是什么 誰 いつ どこ いくつ 何 누구 언제 어디 몇 무엇`),
  code: new Phrases(`
    function functions method methods generics interface thread pod heap cache merge query queries login browser lock deadlock backend frontend
    debug bug dedupe tuple tuples vacuum component render renders rendering variable loop array config configuration server database table column
    port commit branch pointer exception endpoint script compile compiles crash crashes crashed deploy deploys deployment http https request null
    undefined string push workflow app return returns node_modules generator
    funktion* methode* skript* klasse* schleife* datenbank* abfrage* fonction* classe* boucle* base_de_données requête*
    función script scripts bucle* base_de_datos consulta_sql função banco_de_dados funzione* functie* klass skrypt* funkcj* zapytani* komponent*
    функци* скрипт* массив* запрос* запит* fonksiyon* sınıf* συνάρτηση* αρχείο hàm fungsi kode
    دالة واجهة फ़ंक्शन 函数 函數 代码 代碼 数组 算法 関数 コード 配列 함수 코드 쿼리`),
  /** What ought to be, rather than what is. */
  ought: new Phrases(`
    should ought_to ever_right right_to wrong_to worth justified moral* ethical*
    darf_man soll* faut-il doit-on se_debe deber* si_deve dovrebbe bör powinn* нужно_ли следует_ли можно_ли
    应该 應該 べき 해야`),
};
