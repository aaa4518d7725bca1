/**
 * What asks for a kind of work in languages other than English. Each line is one language's words: whole ones, of which a star stands
 * for any ending, or several with a space. Scripts that write words without spaces, or join what comes before, are searched anywhere.
 */
const WORDS = {
  explain: `
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
    解释 解釋 说明 說明 为什么 為什麼 介绍 怎样 怎么 如何 なぜ どうして 教えて 説明 설명 왜 어떻게 איך`,
  write: `
    schreib* verfass* formulier* fass fasse zusammenfass* umschreib*
    écri* rédige* résum* reformule* escrib* redacta redactar resumen resumir resuma reescrib* escrev* redij* reescrev*
    scriv* riassum* riscriv* schrijf herschrijf vat_samen samenvat*
    skriv sammanfatta formuler* opsummer* oppsummer*
    napisz streść podsumuj przeredaguj napiš shrň
    напиш* сочин* перескаж* резюм* перефраз* yaz yazın özetle* γράψε περίληψη
    viết tóm_tắt tulis* buatkan ringkas* kirjoita tiivistä
    اكتب لخص כתוב סכם लिखिए लिखो लिखें सारांश 写 寫 总结 概括 改写 書いて 要約 まとめ 써 작성 요약`,
  suggest: `
    vorschläg* schlag* tipps ideen empfiehl* empfehl*
    propose* conseil* idées recommand* consej* recomiend* recomend* sugier* sugir* sugest* dicas ideias
    consigli* idee suggeri* tips ideeën förslag
    zaproponuj porad* pomysł* посовет* предлож* совет* порад* запропон*
    öner* gợi_ý lời_khuyên rekomendasi* ehdota vinkkejä
    اقترح نصائح सुझाव सुझाइए 建议 建議 推荐 推薦 提案 おすすめ アドバイス 추천 조언`,
  judge: `
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
    比较 比較 分析 评价 評價 评估 評価 论证 論證 讨论 优缺点 利弊 論じ 考察 検討 是非 비교 분석 평가 논하 논의 장단점 찬반`,
  prove: `
    beweis* zeige,_dass herleit* démontr* prouv* montre_que montrer_que demuestr* demostr* demonstre demonstrar dimostr*
    bewijs bevisa bevis udowodnij wykaż докаж* довед* kanıtla* ispatla* απόδειξ* απέδειξ*
    chứng_minh buktikan todista أثبت برهن सिद्ध 证明 證明 推导 証明 증명`,
  plan: `
    entwirf entwickle plane_eine* strategie conçois élabor* planif* stratégi* diseñ* estrategi* planej* estratégi*
    progett* pianific* strategia ontwerp* planera utforma zaplanuj zaprojektuj разработ* спланир* стратеги*
    planla* tasarla* kế_hoạch đề_xuất rancang rencana* usulkan
    خطة صمم حل_عادل योजना 设计 制定 规划 方案 計画 設計 戦略 対策 계획 설계 전략 방안`,
  fact: `
    wer wann wo wie_viel* wie_heißt wie_hoch wie_lang* wie_alt welch* was_ist qui quand où combien quel quelle quels quelles
    quién* cuándo dónde cuánt* cuál* qué_es quem quando onde quant* qual quais chi dov'è dove_si qual_è
    wie_is wanneer waar hoeveel welk* wat_is vem när var hur_mång* hur_mycket vilk* vad
    kto kiedy gdzie ile jaki jaka jakie кто когда где сколько какой какая какое какие чему хто коли де скільки яка який
    kim ne_zaman nerede kaç nedir hangi* ποια ποιος πού πότε πόσ* là_gì bao_nhiêu ở_đâu khi_nào siapa kapan di_mana berapa apa_itu
    กี่ ใคร ที่ไหน เมื่อไร ვინ რომელი რამდენი როდის מי מהי כמה איפה متى أين كم ما_هي ما_هو कौन कब कहाँ कितन क्या_है 谁 什么时候 哪 多少 几 是什么 誰 いつ どこ いくつ 何 누구 언제 어디 몇 무엇`,
  code: `
    funktion* methode* skript* klasse* schleife* datenbank* abfrage* fonction* classe* boucle* base_de_données requête*
    función script scripts bucle* base_de_datos consulta_sql função banco_de_dados funzione* functie* klass skrypt* funkcj* zapytani* komponent*
    функци* скрипт* массив* запрос* запит* fonksiyon* sınıf* συνάρτηση* αρχείο hàm fungsi kode
    دالة واجهة फ़ंक्शन 函数 函數 代码 代碼 数组 算法 関数 コード 配列 함수 코드 쿼리`,
} as const;

export type AskedWork = keyof typeof WORDS;

const WITH_SPACES = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{P}* ]+$/u;

/** Finds the words that ask for this work. */
export function wordsThatAsk(work: AskedWork): RegExp {
  const words = WORDS[work]
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.replaceAll('_', ' '));
  const whole = words.filter((word) => WITH_SPACES.test(word)).map((word) => word.replace(/\*$/, String.raw`\p{L}*`));
  const anywhere = words.filter((word) => !WITH_SPACES.test(word));
  return new RegExp(String.raw`(?<![\p{L}\p{M}])(?:${whole.join('|')})(?![\p{L}\p{M}])|${anywhere.join('|')}`, 'iu');
}
