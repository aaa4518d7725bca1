import { stemOf } from './word-stem.js';

/**
 * Words that often say the same. Whether they do in a sentence, its vector must tell: "change" is "edit" of a name and "replace" of a tyre. So a word stands in several lines,
 * and what two words share with a third they need not share with each other. Verb and particle are joined by an underscore.
 */
const SYNONYMS = `
absent absence | access reach | accident collision | add include insert | add set_up create | address location | adjust change modify
advantage benefit pro | aid help assistance support | allergy allergic | allow enable | allow permit let | amount quantity sum | annual yearly
answer reply response respond | anxious anxiety | application request | apply register sign_up enrol | apply request | appoint name
appointment booking | apprentice trainee | approve authorize confirm accept sign_off | archive file | area region zone | argument parameter
arrive delivered | arrive reach come get | assign allocate | assist help | attach connect fasten | attachment file | attorney lawyer
aubergine eggplant | autumn fall | available offered accessible | baby infant | backup copy | baggage luggage bag suitcase | ban prohibit forbid
bandage dressing | basement cellar | bathroom restroom | begin commence start | belongings possessions things | beneficiary recipient
best good recommended | best ideal optimal | bill invoice | birth delivery born | biscuit cookie | bleed blood bleeding | bonnet hood | book reserve
boost increase improve | boot trunk | borrow take_out | boss manager supervisor | breadth width | briefing meeting | broken damaged defective faulty
bug insect pest | build construct make | burglar thief | burglary theft | burn scorch | business company firm enterprise | button control
buy purchase get | calculate compute work_out determine find | call phone ring | call_off cancel | cancel revoke | cancel terminate end stop close
car vehicle | caravan trailer | cardiac heart | cash money | catch contract get | cause lead reason trigger | certificate certification
change alter modify edit update | change move | change replace swap | change switch | charge fee cost price | chart graph diagram | cheap affordable
cheat plagiarize | check see view look_up find | check tell see know determine find_out | check test | check verify confirm | checkup examination
choose pick | chop cut | circumvent avoid | citizen national | claim request demand get obtain | class course lesson | clause provision | claw nail
clean wash | clear empty | clear unclog unblock | click press | client customer | clothing clothe outfit garment apparel | cold chilly
collapse sink fall | colleague coworker teammate | collect pick_up | combine merge join unite | come go | comment remark note | commission fee
company employer | compare contrast | compensation refund reimbursement | complaint grievance | complete fill_in | compose consist | compress shrink
computer pc laptop | concern worry | configure set_up set | connect link join pair | connection link | consequence effect result outcome
consume drink | consume eat | consume use | consumption use usage | contact reach call | contest appeal dispute challenge | contract agreement
convert change turn transform | convert save export | cook prepare | copy duplicate | coriander cilantro | correct fix | correct right proper
cough coughing | country nation | courgette zucchini | cover include insure | coverage reception signal | crash hang | create make generate build
credential login | crop trim | crossing intersection | crucial important essential vital key | cure treat heal remedy | cure treatment remedy
curriculum syllabus | curtain drape | custody guardianship | dad father | damage harm hurt | danger risk hazard
dangerous risky hazardous harmful unsafe | data information info | deadline due_date | deal handle cope | death dying die | debug troubleshoot
deceased dead | decline reject refuse | decrease reduce lower cut lessen | deduct write_off | deductible excess | defend protect | degree diploma
delay late | delete remove erase | deliver ship send | delivery shipping shipment | demand ask request | depart leave go | deploy roll_out
deposit put pay_in | depressed depression | depth deep | describe explain | detect find discover spot identify | develop get
device gadget machine appliance | diet food eat | difference distinction differ | difficult hard tough | difficulty trouble problem
disable turn_off switch_off deactivate | disabled handicapped | discard throw dispose | discount promo promotion coupon voucher
disease illness sickness condition | dismiss fire sack lay_off | distance far | divide split | dividend payout | dizzy dizziness | doc documentation
document paper paperwork | dorm residence | dose dosage amount | download get | draft sketch | duration long length period | dwelling home | earn make
earning income pay | earthquake quake | eliminate remove get_rid | email mail | employ hire recruit | employee worker staff
enable turn_on switch_on activate | end finish stop | enlarge expand extend increase | enrol register sign_up join | ensure guarantee
enter type put input | entitled eligible | error bug fault | error mistake | essay paper | everyday daily | exam test examination
examine inspect check | example instance | exchange convert | exchange swap trade replace | exhausted tired | exit quit leave close | expand grow
expense cost | expensive costly pricey | expire run_out end | explode blow_up | expose publish | extend prolong lengthen | extract get pull
factor reason | fail break crash | fail flunk | failure crash | family relative | famous well-known | fast quick quickly rapid speedy | fault defect
feature characteristic | feed food | feel sense | fetch get retrieve | file submit lodge | fine penalty | finish end complete | fit suit
fix mend repair | fix resolve solve | flat apartment | flat punctured | fluid liquid | foggy misty | fold collapse | folder directory | font typeface
food meal diet | forbidden prohibited banned illegal | force compel | forget lose | format style | former previous | forward send
found establish start create | free complimentary | freeze hang | frequently often regularly | friend mate | fuel gas | fuel petrol | function purpose
gain get obtain | garden yard | get become turn go | get obtain receive acquire | get travel go | give grant | give send | goal purpose aim objective
grade mark score | graduate graduation | grandma grandmother | grandpa grandfather | grow raise cultivate | guard protect
guide instruction manual tutorial | guilty culpable | handle manage process | hang mount | happy glad | headache migraine | headmaster principal
headphone headset earphone | health medical | height tall high | heir inherit inheritance | hide conceal | highest tallest | hit press
holiday break vacation | holiday vacation leave | home house | homework assignment | hotel accommodation | huge enormous giant | hunt search
icing frosting | identify recognize | ill sick unwell | ill sickness | image picture photo | immediately instantly | improve better enhance boost
inbox mailbox | include contain | income salary | increase go_up | increase raise rise grow | inform tell notify | initiate start | inject insert
inject jab | injure hurt | inquire ask | inside within | insomnia sleepless | install set_up | installment payment | institute establish
instruction direction | insurance cover coverage | insurance policy | insured covered | internet connection | internship placement | interval gap
invent create | invest put | invite ask | issue problem trouble error | itch itchy | item thing object product | jab injection
jab vaccine vaccination shot | jail prison | journey trip travel | jumper sweater pullover | keep retain | keep store preserve save
kill terminate end | kind type sort | label tag | lack miss | lag slow | laptop notebook | last final | last latest | last live survive
last run continue | late delayed | latest newest recent | law legislation rule | lawsuit suit case | leak drip | lecture class | legal lawful allowed
lend loan | liable responsible | lifespan last long | lift elevator | limit restrict | list show get display | live reside | locate find
location place | lock secure | log_in sign_in login | log_on log_in | lorry truck | lose misplace | lost missing | lower bring_down | mail post send
main primary principal | maintain keep | maintenance servicing | make cause | make produce manufacture | man male | manage administer | manage control
margin border | marriage wedding | marry marriage | maximum highest most | mean signify | meaning definition | measure determine
medication medicine drug | meeting appointment | message text | method approach technique | method way | microphone mic | middle centre center
minimize reduce | minimum lowest least | mix blend combine | mobile cellphone phone | mold mould | monitor track watch | mortgage loan
motorway highway freeway | mouldy moldy | move relocate | move transfer migrate | mum mom mother | muscle muscular | mute silence | natural naturally
near close | necessary needed essential | need require want | newborn baby | noise sound noisy loud | normal typical usual | notice see
notification alert | notify alert | occupation job | official formal | old aged | open create | opportunity chance | optician optometrist
option choice alternative | organize arrange plan | origin source | original first | output result | overweight obese obesity | owe debt
package parcel | pain ache sore hurt | pain soreness sore | pan skillet | part component | participate join attend | particular specific certain
passenger traveller | password passcode | pavement sidewalk | pay paid | pay salary wage | payday paid | payment pay | payout payment
penalty punishment | percentage share | period time | permission authorization consent | permitted allowed | person individual human
petrol gasoline gas | pharmacy chemist drugstore | physician doctor | pill tablet | plan schedule | plant grow | plug_in connect | poll election
popular common | position job | post postal mail | postcode zip | postpone delay | power electricity | practice exercise | prawn shrimp
precise exact | prefer like | pregnant expecting pregnancy | prepare make | prescription script | prevent avoid stop | previous last
print publish | prior previous | procedure process | profession job | professor lecturer | profit gain earnings | program application app
promote advertise | proof evidence | protect secure | provide supply offer give | provider carrier operator | prune trim cut | publish release
punishment sentence | pupil learner student | purpose use | put add | put_in invest | question query | queue line | quick speed | quit leave resign
range scope | rapidly quickly | raw uncooked | reachable accessible | read interpret | real actual | rear back | reason cause why | recipe make
recommend suggest | recover heal | recover restore retrieve | redeem apply use | redirect forward | refer recommend | refund money_back
refund reimburse | relationship relation | relieve ease | remain stay | remaining left | remember recall | reminder alert | remote home
remove get_out | remove take_off | rename name | renew extend | rent hire | rental hire | rental rented rent | repeat again | replace substitute
replacement substitute alternative | report submit | report tell | repository repo | represent mean | rescue save | reset change | reset restore
residence home | resist withstand | resolve settle | restart reboot | restore revert | resume cv | retake repeat resit | retire pension
return give_back | return roundtrip | return send_back take_back | revenue turnover sales | reverse undo | revert undo | review check
right_after immediately | rise prove | road street | role job | room space | roundabout circle | route way | rug carpet | rule regulation policy
run operate | rush hurry | safe ok okay fine | safe secure | sale discount | scale resize | scan check | schedule timetable | scholarship bursary
scholarship grant | screen display | search find look_for | seat chair | see look | see watch | select pick | semester term | separate split
serious severe | service repair | set put | share stock | shift move | shop store | shore coast beach | shortcut hotkey | shut close | sight view
sign conclude | sign symptom | sign_out log_out | signature sign | similar alike | simple easy | single one | site website | sketch draw
skill ability | slice cut | slide presentation | slow sluggish | small little tiny | smart clever intelligent | smartphone phone | soft tender
software program | solicitor lawyer | solution answer | sort order | spam junk | speaker loudspeaker | spectacle glasses | speed velocity | spend use
spoil go_bad | spouse husband | spouse wife | spread transmit pass | stain mark spot | start launch | statement record | steal theft | step process
stone rock | stop cure | stop quit | stopover layover | storage space | story tale | strategy plan | strong powerful | stuck hang | submit send
subscribe sign_up | subscription membership plan | succeed work | sue litigate | sufficient enough | suitable appropriate | sunburn burn | sunny clear
supplier provider | support assist | surgery operation | surname last_name | swelling swollen | sync synchronize | system setup | take last
take need | tap faucet | target goal | task job | tasty delicious | tax taxable | teach educate | teach instruct | teacher instructor
teen teenager adolescent | tenant renter | text string | theft robbery | theft stolen | thesis dissertation | tight close | time moment | tip advice
tired fatigued | together jointly | toilet loo bathroom | top best | total overall | touch contact | town city | track follow | track locate
train teach | tram streetcar | transfer send wire | transport carry | trash bin | treatment therapy | treaty agreement | trend tendency
trigger start | true correct | try attempt | tummy stomach belly | tutor teacher | underground subway metro | unemployed jobless | university college
unpack unzip extract | unplug disconnect | unsubscribe opt_out | unused left | upload submit | url link | use function | use utilize | useful helpful
vacancy opening | vacant free available | vacuum hoover | value worth | variety kind | view look | visit go | visit see | vote ballot | vote elect
wait hold | walk stroll | warranty guarantee | waste garbage | water irrigate | way how | weak feeble | wealthy rich | wear use | webcam camera
weed weedkiller | weigh heavy | weigh weight | weight heavy | widely commonly | width wide | wifi wireless | will testament | windscreen windshield
wire cable | withdraw take_out | witness testify | woman female | woods forest | word term | work job | working functioning
workout training exercise | write compose | wrong incorrect | yield produce | young youthful
match game | delete clear | find buy | boost raise improve | bring get | run go | bad harmful unhealthy | harmful dangerous
`;

const LINES_OF: ReadonlyMap<string, ReadonlySet<number>> = linesOf(SYNONYMS);

/** Whether words of two stems often say the same. */
export function mayMeanTheSame(one: string, other: string): boolean {
  const lines = LINES_OF.get(other);
  return one !== other && lines !== undefined && [...(LINES_OF.get(one) ?? [])].some((line) => lines.has(line));
}

function linesOf(text: string): ReadonlyMap<string, ReadonlySet<number>> {
  const lines = new Map<string, Set<number>>();
  for (const [i, line] of text
    .trim()
    .split(/ \| |\n/)
    .entries()) {
    for (const word of line.replaceAll('_', '').split(' ')) {
      const stem = stemOf(word);
      lines.set(stem, (lines.get(stem) ?? new Set()).add(i));
    }
  }
  return lines;
}
