/**
 * Written by `npx tsx bench/antonyms.ts` from WordNet: change nothing here by hand.
 *
 * This software and database is being provided to you, the LICENSEE, by
 * Princeton University under the following license.  By obtaining, using
 * and/or copying this software and database, you agree that you have
 * read, understood, and will comply with these terms and conditions.:
 *
 * Permission to use, copy, modify and distribute this software and
 * database and its documentation for any purpose and without fee or
 * royalty is hereby granted, provided that you agree to comply with
 * the following copyright notice and statements, including the disclaimer,
 * and that the same appear on ALL copies of the software, database and
 * documentation, including modifications that you make for internal
 * use or for distribution.
 *
 * WordNet 3.1 Copyright 2011 by Princeton University.  All rights reserved.
 *
 * THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON
 * UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR
 * IMPLIED.  BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON
 * UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES OF MERCHANT-
 * ABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE
 * OF THE LICENSED SOFTWARE, DATABASE OR DOCUMENTATION WILL NOT
 * INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR
 * OTHER RIGHTS.
 *
 * The name of Princeton University or Princeton may not be used in
 * advertising or publicity pertaining to distribution of the software
 * and/or database.  Title to copyright in this software, database and
 * any associated documentation shall at all times remain with
 * Princeton University and LICENSEE agrees to preserve same.
 */
export const ANTONYMS = `
abnormal normal | abnormality normality | abolish establish | aboral oral | above below | abruptness gradualness | absence presence | absent present
absolute relative | absolve blame | absorb emit | abstain consume | abstract concrete | abundance scarcity | abundant scarce | accelerate decelerate
accentual quantitative | accept refuse | accept reject | accidentally deliberately | achiever loser | acidic alkaline | acidity alkalinity
acquaintance stranger | acquit convict | acquittal conviction | act refrain | active dormant | active extinct | active passive | active quiet
active stative | actual potential | acute chronic | acute obtuse | acutely chronically | add subtract | addition subtraction | additive subtractive
adjective substantive | adjusted maladjusted | admit deny | admit exclude | admit reject | adopted native | adoptive biological | adroit maladroit
adult juvenile | advance back | advance recede | advance retreat | aerobic anaerobic | aestivate hibernate | afferent efferent
affinity consanguinity | affirm negate | affirmation reversal | affirmative negative | afloat aground | aft fore | age rejuvenate | aged young
aggrade degrade | agitate calm | agitation calmness | agonist antagonist | ahead back | ahistorical historical | align skew | aliquant aliquot
alive dead | alkaline amphoteric | all no | all some | allow deny | alternate opposite | alternating direct | altruism egoism | amateur professional
ametabolic metabolic | amicable hostile | amphibious terrestrial | ample meager | anal oral | analogous heterologous | analogous homologous
analogue digital | analysis synthesis | analytic synthetic | analyze synthesize | ancestor descendant | androgynous female | androgynous male
angular rounded | anhydrous hydrous | anionic cationic | anisotropic isotropic | annual biennial | annual perennial | anode cathode
anonymous onymous | answer question | antagonist synergist | antagonistic conciliatory | antagonistic synergistic | antapex apex
antecedent subsequent | anterior posterior | anti pro | antonym synonym | antonymous synonymous | aperiodic periodic | apogee perigee | applaud boo
applied theoretical | appreciate depreciate | approbate reprobate | aquatic terrestrial | aqueous igneous | armed armless | arrive leave
artificial natural | artificially naturally | ascend descend | ascent descent | asexual sexual | asleep awake | assent dissent | asset liability
assimilate dissimilate | associate dissociate | asymmetrical symmetrical | asymmetry symmetry | asynchronism synchronism | asynchronous synchronous
atonal tonal | atrophied hypertrophied | attach detach | attack defend | attend miss | attract repel | attraction repulsion | attractive repulsive
atypical typical | augmentation diminution | aunt uncle | automatic manual | autumnal vernal | autumnal wintry | avascular vascular
avirulent virulent | avoid confront | away home | awkward graceful | back front | back veer | background foreground | backward forward | bad good
badly well | badness goodness | bare covered | basic incidental | bear bull | beautiful ugly | beautify uglify | beauty ugliness | begin end
beginning middle | begrudge wish | bend straighten | benign malign | benignancy malignancy | beseeching imperative | best worst | better worse
better worsen | biennial perennial | big little | big small | binaural monaural | binucleate mononuclear | birth death | bisexual homosexual
bivalent univalent | black white | blacken whiten | bless curse | blind sighted | blond brunet | bloodless bloody | blur focus | boil freeze
bold timid | boldness timidity | boneless bony | bore interest | borrow lend | borrower lender | bottom side | bottom top | bottomed bottomless
bounce clear | bound free | boy girl | boycott patronize | brave cowardly | brave timid | break keep | break make | break repair
breathing breathless | bright dull | brighten darken | brightness dullness | broadly narrowly | brother sister | busy idle | buy sell
caducous persistent | calm stormy | capitalism socialism | capitalistic socialistic | captor liberator | cardinal ordinal | carefully carelessly
carefulness carelessness | cash credit | cauline radical | center left | center right | central peripheral | centralise decentralize
centrality marginality | centrally peripherally | cerebral emotional | change stay | cheap expensive | cheer complain | cheerful depressing
cheerfully cheerlessly | cheerfulness cheerlessness | child parent | civil sidereal | civilian military | civilian serviceman | claim forfeit
clarify obfuscate | clarity obscurity | clarity opacity | classicist romanticist | clean dirty | clear cloudy | clear opaque | clearheaded confused
clergy laity | clergyman layman | clockwise counterclockwise | close distant | close open | coarse fine | coastal inland | cold hot | coldness hotness
collective distributive | color colorlessness | come go | comedy tragedy | common individual | commonality individuality | communicate excommunicate
compact loose | competition cooperation | complex simple | complexity simplicity | compliant defiant | complicate simplify | compound simple | con pro
concave convex | concealing revealing | conceit humility | concentrated distributed | concentration dilution | concentric eccentric
concentricity eccentricity | concise prolix | conductor insulator | confidence diffidence | confident diffident | confine free | conform deviate
consecrate desecrate | conservative liberal | conserve waste | consonant vowel | consonantal vocalic | constructive destructive
consumptive generative | contemptible estimable | continental intercontinental | continual sporadic | contract expand | contraction expansion
contraindicate indicate | contrasty flat | conventional nuclear | converge diverge | convergent divergent | cooked raw | cool heat | cool warm
correct falsify | cortex medulla | cosmopolitan provincial | counterfeit genuine | counterrevolutionary revolutionary | courage cowardice
covert overt | credit debit | criticize praise | crooked straight | crosswise lengthwise | cry laugh | cubic linear | cubic planar | curdle homogenize
curly straight | curtained curtainless | curved straight | danger safety | dangerous safe | dark light | darken lighten | darkness lightness
daughter son | day night | dead live | deaden enliven | deaf hearing | debilitating invigorating | declarative interrogative | decline improvement
deep shallow | deepness shallowness | defeat victory | defence offence | defend prosecute | defendant plaintiff | defense offense
defense prosecution | defensive offensive | deficit lead | dejected elated | delay rush | delicate rugged | demand supply | demote promote
depart stay | deposit withdraw | depress elate | deprive enrich | descriptive prescriptive | despair hope | destabilise stabilize
destroyed preserved | deteriorate recuperate | dethrone enthrone | devolution evolution | diachronic synchronic | differ equal | difference sameness
different same | differentiate integrate | difficult easy | diligent negligent | direct inverse | direct retrograde | directional omnidirectional
discharge enlist | dislike liking | disparage flatter | dissonance harmony | dissuade persuade | dissuasive persuasive | distal mesial
distal proximal | diurnal nocturnal | diversify specialize | divest invest | divide multiply | divide unite | docile stubborn | domestic foreign
dominant recessive | dominant subordinate | domineering submissive | double single | dove hawk | down up | draftee volunteer | dramatic lyric
drunkenness soberness | dry phlegmy | dry sweet | dry wet | dryness wetness | dull lively | dull sharp | dull sharpen | dullness sharpness
dying nascent | dysgenic eugenic | dysphoria euphoria | dysphoric euphoric | dystopia utopia | dystopian utopian | eared earless | early late
early middle | earthly heavenly | east west | easterly westerly | eastern western | ebb tide | ecdemic epidemic | efflux influx | emigrate immigrate
empirical theoretical | emptiness fullness | empty fill | empty full | end middle | endemic epidemic | energetic lethargic | enforce exempt
enjoy suffer | enrich impoverish | enter exit | equatorial polar | erase record | esoteric exoteric | estivate hibernate | even odd | ever never
evil good | evilness goodness | express local | extant extinct | extension flexion | extinguish ignite | extraordinary ordinary | extrasensory sensory
extraterritorial territorial | eyed eyeless | faced faceless | fail manage | fail pass | fail succeed | failure success | fair foul | fall rise
false true | falsehood truth | falsity truth | fame infamy | familiar strange | fancy plain | far near | farness nearness | farsighted nearsighted
fast slow | fat thin | father mother | fatty nonfat | fear fearlessness | fearfully fearlessly | federal unitary | feed starve | female male
femaleness maleness | feminine masculine | feminine neuter | femininity masculinity | fertile sterile | few many | fewer more | fewest most
figurative literal | figuratively literally | figure ground | filial parental | find lose | fingered fingerless | finish start | fire hire
first last | first second | flat natural | flat sharp | flatten sharpen | float sink | flowering flowerless | foe friend | follow precede
follower leader | following leading | folly wisdom | foolish wise | foot head | forbid permit | foreign native | forget mind | forget remember
formalism imitation | former latter | forte piano | forward reverse | fractional whole | fragrant malodorous | frail robust | fraternal identical
free obstruct | fresh preserved | fresh salty | fresh stale | freshness staleness | friendly hostile | frivolity seriousness | frivolous serious
front rear | fruitfulness fruitlessness | full thin | function malfunction | functional organic | functioning malfunctioning | future past
future present | futurity presentness | gain loss | gain reduce | gaseous liquid | gaseous solid | gather spread | general local | general particular
general specific | generalist specialist | generalize specify | generally specifically | generosity stinginess | generous stingy | geographic magnetic
geometrically linearly | give take | glad sad | gladden sadden | gloved gloveless | gracefully gracelessly | gradual steep | gradual sudden
gravity levity | greater lesser | green ripe | greenness ripeness | gross net | guilt innocence | guilty innocent | hairless hairy | half whole
handed handless | handled handleless | happily sadly | happiness sadness | hard soft | harden soften | hardened soft | hardness softness
hardware software | harmfully harmlessly | hate love | hateful lovable | hatless hatted | have lack | have miss | head rear | head tail
headed headless | heaviness lightness | heavy light | here there | hesitantly unhesitatingly | heterogeneity homogeneity | heterogeneous homogeneous
heterosexual homosexual | heterozygous homozygous | hide show | high low | highland lowland | highness lowness | hit miss | hollow solid
hollowness solidity | hopefully hopelessly | horizontal inclined | horizontal vertical | host parasite | humble proud | humility pride
humorless humorous | hungry thirsty | husband wife | hydrophilic hydrophobic | hypertonic isotonic | hypotonic isotonic | idle run | idle work
ignoble noble | ignore know | ignore notice | ill well | illness wellness | inboard outboard | inclined vertical | income outgo | indoor outdoor
indoors outdoors | induced spontaneous | inferior superior | inferiority superiority | infernal supernal | infield outfield | inflow outflow
infra supra | inner outer | inshore offshore | inside outside | instrumental vocal | integrated segregated | intelligence stupidity | intense mild
intensifying moderating | intermediate terminal | international national | internationalism nationalism | intoxicated sober | intrusive protrusive
inward outward | irritate soothe | isometric isotonic | issue recall | joint separate | joy sorrow | joyful sorrowful | joyless joyous
juiceless juicy | junior senior | keep lose | king queen | larboard starboard | large small | largeness smallness | late middle | lax tense
leaky tight | lean rich | least most | left right | legalize outlaw | legato staccato | legged legless | lengthen shorten | less more | let prevent
level raise | lie sit | lie stand | linear planar | linger rush | lipless lipped | liquid solid | little much | live recorded | local national
location studio | long short | longness shortness | loose tight | loosen stiffen | loosening tightening | lose profit | lose win | loser winner
lost saved | loud soft | loudness softness | lowborn noble | lower raise | lowland upland | major minor | majority minority | malnourished nourished
man woman | masculine neuter | masochistic sadistic | maternal paternal | matriarchal patriarchal | maximal minimal | maximize minimize
maximum minimum | meaningfulness meaninglessness | meatless meaty | medical surgical | mendacity veracity | mental physical | mobile stabile
molar molecular | mononuclear trinucleate | monophonic polyphonic | moonless moonlit | motion motionlessness | move stay | moving still
multiculturalism nationalism | multidimensional unidimensional | multiform uniform | multilateral unilateral | multiple single | multiply singly
multivalent univalent | nadir zenith | naive sophisticated | naivete sophistication | narrow wide | narrow widen | narrowness wideness | nasty nice
natural sharp | natural supernatural | nay yea | necessitate obviate | negative neutral | negative positive | nephew niece | neutral positive
new old | new worn | no some | no yes | noisy quiet | nominal real | nominative oblique | normal paranormal | north south | northern southern
nosed noseless | numerical verbal | objective subjective | oblique parallel | oblique perpendicular | obscurity prominence | obverse reverse | off on
offshore onshore | offstage onstage | often rarely | old young | oleophilic oleophobic | open shut | optimism pessimism | optimist pessimist
optimistic pessimistic | other same | out safe | overhead subsurface | overhead surface | pain pleasure | painfully painlessly
parallel perpendicular | particular universal | partly wholly | passing running | passionate passionless | past present | pastness presentness
patterned plain | peace war | penalty reward | permanently temporarily | permissive preventive | plural singular | pointed pointless | poor rich
porosity solidity | posteriority priority | poverty wealth | power powerlessness | powerfulness powerlessness | precede succeed | preceding succeeding
precocious retarded | prefix suffix | preparation resolution | primary secondary | private public | privately publicly | privileged underprivileged
profane sacred | profound superficial | profundity superficiality | progress regress | progressive regressive | prospective retrospective
proximate ultimate | publicized suppressed | pull push | punctuality tardiness | punitive rehabilitative | purge rehabilitate
qualitative quantitative | quantitative syllabic | quickly slowly | reassure worry | refresh tire | relax tense | religious secular | resist surrender
rested tired | retail wholesale | ride walk | right wrong | rightness wrongness | rimless rimmed | rise set | rotor stator | rough smooth
roughen smooth | roughness smoothness | round square | running standing | rural urban | rusted rustless | scented scentless | seated standing
sedate stimulate | separation union | sharpen soften | sharpness softness | short tall | shortness tallness | shout whisper | shrink stretch
side top | silence sound | sink source | sit stand | sleep wake | sleepiness wakefulness | smart stupid | soled soleless | sonic supersonic
sour sweet | sour sweeten | sparkling still | spineless spinous | spirited spiritless | spoken written | stand yield | start stop | stemless stemmed
stifle stimulate | strength weakness | strengthen weaken | strong weak | subhuman superhuman | subsonic supersonic | subsurface surface
succumb survive | summery vernal | summery wintry | tame wild | tameness wildness | tender tough | thick thin | thicken thin | thickness thinness
thoughtfully thoughtlessly | thrifty wasteful | toned toneless | tongued tongueless | topless topped | usefully uselessly | usefulness uselessness
valuable worthless | vernal wintry | virtuous wicked | wane wax | wired wireless | worth worthlessness
`;
