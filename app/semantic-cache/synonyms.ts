import { stemOf } from './word-stem.js';

/**
 * Words that say the same in nearly every question that is otherwise the same. A word of many meanings ("get", "charge", "leave", "clear") stands beside those alone
 * that it may always be put for: its other pairs gained few hits and gave wrong ones, as "hire an employee" for "rent". A word may stand in several lines, and what
 * two words share with a third they need not share with each other. Verb and particle are joined by an underscore.
 */
const SYNONYMS = `
absent absence | accident collision | add insert | add set_up create | address location | adjust change modify | advantage benefit | aid help assistance support
allergy allergic | allow enable | allow permit let | amount quantity sum | annual yearly | answer reply response respond | anxious anxiety | application app
apply request | appoint name | appointment booking | apprentice trainee | approve authorize confirm accept sign_off | archive file | area region zone
argument parameter | arrive delivered | assign allocate | assist help | attach connect fasten | attachment file | attorney lawyer | aubergine eggplant
autumn fall | available offered accessible | baby infant | backup copy | bad harmful unhealthy | baggage luggage bag suitcase | ban prohibit forbid
bandage dressing | basement cellar | bathroom restroom | begin commence start | belongings possessions things | beneficiary recipient | best good recommended
best ideal optimal | bill invoice | birth delivery born | biscuit cookie | bleed blood bleeding | bonnet hood | book reserve | boot trunk | borrow take_out
boss manager supervisor | breadth width | briefing meeting | broken damaged defective faulty | bug insect pest | build construct | burglar thief
burglary theft | burn scorch | business company firm enterprise | buy purchase | calculate compute work_out determine | call phone ring | call_off cancel
cancel end terminate | cancel revoke | cancel terminate close | car vehicle | caravan trailer | cardiac heart | cash money | certificate certification
change alter modify edit update | change replace swap | change switch | change turn | chart graph diagram | cheap affordable | cheat plagiarize
check tell know determine find_out | check test | check verify confirm | check view look_up | checkup examination | choose pick | circumvent avoid
citizen national | class course lesson | clause provision | claw nail | clean wash | clear empty | click press | client customer
clothing clothe outfit garment apparel | cold chilly | collapse sink | colleague coworker teammate | collect pick_up | combine merge join unite
comment remark note | commission fee | company employer | compare contrast | compensation refund reimbursement | complaint grievance | complete fill_in
compose consist | compress shrink | computer pc laptop | concern worry | configure set_up set | connect link join pair | connection link
consequence effect outcome | consumption use usage | contact call | contest appeal dispute challenge | convert change transform | convert export
copy duplicate | coriander cilantro | correct fix | cough coughing | country nation | courgette zucchini | coverage reception signal | create generate build
create make build | credential login | crop trim | crossing intersection | crucial important essential vital | cure treat heal remedy | cure treatment remedy
curriculum syllabus | curtain drape | custody guardianship | dad father | damage harm hurt | danger risk hazard | dangerous risky hazardous harmful unsafe
data information info | deadline due_date | deal handle cope | death dying die | debug troubleshoot | deceased dead | decline reject refuse
decrease reduce lower lessen | deduct write_off | deductible excess | defend protect | degree diploma | delay late | delete remove erase | deliver send
delivery shipping shipment | deploy roll_out | deposit pay_in | depressed depression | depth deep | describe explain | detect discover identify
device gadget machine appliance | difference distinction differ | difficult hard tough | difficulty trouble problem | disable turn_off switch_off deactivate
disabled handicapped | discard throw dispose | discount promo promotion coupon voucher | disease illness sickness condition | dismiss fire sack lay_off
distance far | divide split | dividend payout | dizzy dizziness | doc documentation | document paper paperwork | dorm residence | dose dosage amount
draft sketch | duration long length period | dwelling home | earning income | earthquake quake | eliminate remove get_rid | email mail | employ hire recruit
employee worker staff | enable turn_on switch_on activate | enlarge expand extend increase | enrol register sign_up join | ensure guarantee | entitled eligible
error bug fault | error mistake | essay paper | everyday daily | exam test examination | examine inspect check | example instance | exchange convert
exchange swap trade replace | exhausted tired | exit close | exit quit | expense cost | expensive costly pricey | expire run_out | explode blow_up
expose publish | extend prolong lengthen | extract pull | factor reason | fail crash | fail flunk | failure crash | family relative | famous well-known
fast quick quickly rapid speedy | fault defect | feature characteristic | fee cost price | feel sense | fetch retrieve | file submit lodge | find locate
fine penalty | finish complete | fit suit | fix mend repair | fix resolve solve | flat apartment | flat punctured | fluid liquid | foggy misty
folder directory | font typeface | forbidden prohibited banned illegal | force compel | forget lose | format style | former previous | forward send
found establish start create | free complimentary | frequently often regularly | friend mate | fuel petrol | gain obtain | garden yard | get obtain receive
get travel | goal aim objective | graduate graduation | grandma grandmother | grandpa grandfather | guard protect | guide instruction manual tutorial
guilty culpable | handle manage | happy glad | harmful dangerous | headache migraine | headmaster principal | headphone headset earphone | health medical
height tall high | heir inherit inheritance | hide conceal | highest tallest | holiday vacation | home house | homework assignment | hotel accommodation
huge enormous giant | hunt search | icing frosting | identify recognize | ill sick unwell | ill sickness | image picture photo | immediately instantly
improve better enhance | improve raise | inbox mailbox | income salary | increase go_up | increase improve | increase raise | inform notify | initiate start
inject insert | inject jab | injure hurt | inside within | insomnia sleepless | install set_up | installment payment | institute establish
instruction direction | insurance coverage | insured covered | internet connection | internship placement | interval gap | invent create
issue problem trouble error | itch itchy | item product | jab injection | jab vaccine vaccination | jail prison | journey trip travel | jumper sweater pullover
kill terminate | kind sort | label tag | lack miss | lag slow | laptop notebook | last latest | late delayed | latest newest recent | law legislation rule
lawsuit suit case | leak drip | lecture class | legal lawful allowed | lend loan | liable responsible | lifespan long | lift elevator | limit restrict
list show display | location place | lock secure | log_in sign_in login | log_on log_in | lorry truck | lose misplace | lost missing | lower bring_down
mail post send | main primary principal | maintenance servicing | make produce manufacture | man male | manage administer | margin border | marriage wedding
marry marriage | match game | maximum highest most | meal diet | meaning definition | measure determine | medication medicine | meeting appointment
method approach technique | method way | microphone mic | middle centre center | minimize reduce | minimum lowest least | mix blend combine
mobile cellphone phone | mold mould | monitor track watch | mortgage loan | motorway highway freeway | mouldy moldy | mum mom mother | muscle muscular
mute silence | natural naturally | near close | necessary needed essential | need require | newborn baby | noisy loud | normal typical usual
notification alert | notify alert | obtain receive acquire | occupation job | official formal | old aged | opportunity chance | optician optometrist
option choice alternative | organize arrange | origin source | original first | output result | overweight obese obesity | owe debt | package parcel
pain ache sore hurt | pain soreness sore | pan skillet | part component | participate join attend | particular specific certain | passenger traveller
password passcode | pavement sidewalk | payday paid | payout payment | penalty punishment | permission authorization consent | permitted allowed
person individual human | petrol gasoline | pharmacy chemist drugstore | physician doctor | pill tablet | plug_in connect | poll election | popular common
position job | post postal mail | postcode zip | postpone delay | practice exercise | prawn shrimp | precise exact | prefer like | pregnant expecting pregnancy
prescription script | prevent avoid | print publish | prior previous | profession job | professor lecturer | profit gain earnings | promote advertise
protect secure | provide supply offer | provider carrier operator | prune trim | publish release | punishment sentence | pupil learner student | put_in invest
question query | queue line | quick speed | range scope | rapidly quickly | raw uncooked | reachable accessible | read interpret | real actual | rear back
reason trigger | reason why | recommend suggest | recover heal | recover restore retrieve | redeem use | redirect forward | refer recommend | refund money_back
refund reimburse | register sign_up enrol | relationship relation | relieve ease | remain stay | remaining left | remember recall | reminder alert | remote home
remove get_out | remove take_off | rename name | renew extend | rental rented rent | repeat again | replace substitute | replacement substitute alternative
report submit | repository repo | reset change | reset restore | residence home | resist withstand | resolve settle | restart reboot | restore revert
resume cv | retake repeat resit | return give_back | return roundtrip | return send_back take_back | revenue turnover sales | reverse undo | revert undo
review check | right_after immediately | road street | role job | roundabout circle | route way | rug carpet | rule regulation | run go | rush hurry
safe ok okay fine | safe secure | salary wage | sale discount | scale resize | scan check | schedule timetable | scholarship bursary | screen display
search find look_for | seat chair | see view find | select pick | separate split | serious severe | service repair | shop store | shore coast beach
shortcut hotkey | shut close | sight view | sign_out log_out | similar alike | simple easy | single one | site website | sketch draw | skill ability
slide presentation | slow sluggish | small little tiny | smart clever intelligent | smartphone phone | soft tender | solicitor lawyer | solution answer
sort order | spam junk | speaker loudspeaker | spectacle glasses | speed velocity | spoil go_bad | spouse husband | spouse wife | start launch
statement record | steal theft | stone rock | stopover layover | store keep preserve | story tale | strong powerful | submit send | subscribe sign_up
subscription membership | succeed work | sue litigate | sufficient enough | suitable appropriate | sunburn burn | supplier provider | support assist
surgery operation | surname last_name | swelling swollen | sync synchronize | system setup | tap faucet | target goal | task job | tasty delicious | tax taxable
teach educate | teach instruct | teacher instructor | teen teenager adolescent | tenant renter | text string | theft robbery | theft stolen
thesis dissertation | tight close | tip advice | tired fatigued | together jointly | toilet loo bathroom | touch contact | town city | track follow
track locate | train teach | tram streetcar | transfer migrate | transfer send wire | trash bin | treatment therapy | treaty agreement | trend tendency
trigger start | trim cut | true correct | try attempt | tummy stomach belly | tutor teacher | unclog unblock | underground subway metro | unemployed jobless
university college | unpack unzip extract | unplug disconnect | unsubscribe opt_out | unused left | upload submit | url link | use utilize | useful helpful
vacancy opening | vacant free available | vacuum hoover | value worth | variety kind | vote ballot | vote elect | walk stroll | warranty guarantee
waste garbage | water irrigate | way how | weak feeble | wealthy rich | webcam camera | weed weedkiller | weigh heavy | weigh weight | weight heavy
widely commonly | width wide | wifi wireless | will testament | windscreen windshield | wire cable | withdraw take_out | witness testify | woman female
woods forest | work job | working functioning | workout training exercise | write compose | wrong incorrect | yield produce | young youthful
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
