import { type PhrasedText, Phrases } from './phrases.js';
import { type Signal, signalsIn, verbBefore } from './signal.js';
import { wordsOfManyLanguages } from './words-of-many-languages.js';

/** Points from which a prompt is about code. */
export const CODE_POINTS = 2;

/** One pattern of several, read one to a line. */
function lines(flags: string, ...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'), flags);
}

/** What programs have and prose has not, or not often: a text without it is not searched for how programs are written. */
const SIGN = /[`~_*#|&=<>{}[\];:\\/+@$%^()]|\.[A-Za-z]|[a-z][A-Z]|[A-Za-z]\d|(^|\s)-/;

/**
 * How programs are written. What only programmers write is enough by itself; a word that everyday language has too ("class", "function",
 * "Python", "script") needs a second sign.
 */
const WRITTEN: readonly Signal[] = [
  { reason: 'a code block', points: 2, pattern: /^[ \t]*(```|~~~)/m },
  {
    reason: 'a stack trace or compiler message',
    points: 2,
    pattern: lines(
      'm',
      String.raw`^[ \t]+at .+:\d+:\d+\)?$`,
      String.raw`\b[A-Z]\w*(Error|Exception): `,
      String.raw`^(error|warning|fatal|panic|ld)(\[\w+\])?: `,
      String.raw`\berror\[?[A-Z]+\d+`,
      String.raw`^(\w+: )+(connection|cannot|could not|permission|no such|command not|unexpected|failed)\b`,
    ),
  },
  {
    reason: 'the syntax of a programming language',
    points: 2,
    pattern: lines(
      'm',
      String.raw`^[ \t]*(def|class|fn|func) \w+.*[:{=]`,
      String.raw`\bfunction\b\s*\w*\([\w\s,]*\)\s*\{`,
      String.raw`=>\s*[{(]|->\s*\w+\s*[{:]|\w::\w|&&|\|\||[=!]==?\s|[+\-*/]=\s`,
      String.raw`\b(const|let|var) [\w{}[\], ]+ = `,
      String.raw`\bfor \(\w+ (\w+ )?= `,
      String.raw`^[ \t]*#include\s*[<"]`,
      String.raw`^[ \t]*(SELECT|INSERT INTO|UPDATE|DELETE FROM|(CREATE|ALTER|DROP) TABLE)\b.*;`,
      String.raw`^[ \t]*\((defun|define|let|lambda|def|fn)\b|^\w+ :: [A-Z]`,
      String.raw`\bselect \* from\b`,
      String.raw`\b[a-z_]\w*(\.\w+){1,6}\(|\b[a-z]+[A-Z_]\w*\(|\b\w{1,40}_\w{1,40}\(|\b[a-z]\w*\([^\s()]*(\(|[,=])|\w\(\)`,
      String.raw`</?[a-z][\w-]*( [\w-]+=.*)?>`,
      String.raw`[;{}]\s*\n[\s\S]*[;{}]\s*(\n|$)`,
      String.raw`\w(\+\+|--)\s*[;)]|\w ?(:=|!=|==) ?\w|\w\[([ijkn]|'\w+'|"\w+")\]|\bO\([\w ^]+\)|^[ \t]*\w[\w ]{0,40}= ?[\w"'].*;`,
      String.raw`"\w+":\s*["{[\d]|\{ ?[\w-]+: ?[^}]+\}|^[ \t]*[.#]?[\w-]+ \{`,
      String.raw`\w<\w{1,40}( \w{1,40})?>|\*args\b|\b(if|while|catch) \(.*\) ?(\{|return\b)`,
    ),
  },
  {
    reason: 'a name, option or path as programs have them',
    points: 2,
    pattern:
      /\b[a-z]+_[a-z_]+\b|\b[A-Z]+_[A-Z_]+\b|(^|\s)--[a-z][\w-]+|(^|\s)-[A-Z]\d\b|(^|[\s'"])(\/(usr|var|etc|tmp|opt|bin|home)\b|~\/|\.\/)|\bu?int\d+\b|`[^`\n]+`|\b(border|margin|padding|display|position|[a-z]+-(width|height|color|size|align|radius)): \w/,
  },
  {
    reason: 'a name with a capital within',
    points: 1,
    pattern: /\b(?!iP|eB|mc)[a-z]{2,}[A-Z]\w*\b|\b[A-Z][a-z]+[A-Z][a-z]\w*\b/,
  },
  {
    reason: 'a source file',
    points: 2,
    pattern: /[\w-]\.(py|js|ts|tsx|jsx|java|go|rs|cpp|cs|rb|php|sh|sql|ya?ml|toml|json)\b/,
  },
  { reason: 'names C with its signs', points: 2, pattern: /\bC(\+\+|#)/i },
];

/** How programs are spoken of. */
const SPOKEN: readonly Signal[] = [
  {
    reason: 'a message of a compiler or a system',
    points: 2,
    words: new Phrases(`
      segfault* segmentation_fault undefined_reference_to connection_refused out_of_memory is_not_assignable_to cannot_borrow npm_ERR
      Traceback_most_recent_call_last ECONN* ENOENT* EACCES* EPERM* EADDR* ERESOLVE* EPIPE* ETIMEDOUT*`),
    pattern: /\b(exit|status) (code )?\d{1,3}\b/i,
    patternNeeds: new Phrases('exit status'),
  },
  {
    reason: 'statements of a programming language',
    points: 2,
    words: new Phrases('public_static_void'),
    pattern: /\bSELECT\b[\s\S]+\bFROM\b|^[ \t]*(mov|push|pop|jmp|add|cmp|xor) \w+, ?\w/m,
    patternNeeds: new Phrases('SELECT mov push pop jmp add cmp xor'),
  },
  {
    reason: 'names a language that is only a programming language',
    points: 2,
    words: new Phrases(`
      javascript typescript golang php kotlin haskell sql mysql postgresql nosql sqlite powershell html html5 css node_js vue django spring_boot
      latex cobol fortran vba matlab pytorch tensorflow cuda yaml xml graphql swiftui jquery express_js next_js`),
  },
  {
    reason: 'names what may be a programming language',
    points: 1,
    words: new Phrases('Rust Ruby Swift Scala Perl React Angular Flask Lua Bash bash zsh in_Go in_C in_R'),
    pattern: /\b(Python|Java)\p{L}{0,2}(?!\p{L})/u,
    patternNeeds: new Phrases('Python* Java*'),
  },
  {
    reason: 'asks for something in a programming language',
    points: 1,
    pattern:
      /\b([Ii]n|[Ee]n|[Ee]m|na|på|op|nel|di|w) (Python|Rust|Ruby|Swift|Scala|Perl|React|Bash|Lua)\b|(用|使用) ?(Python|Java|Rust|Go|C)\b|(на|в|у) (Python|Java|Rust|Go|C)\b|(Python|Java|Rust|Go|C)(で|에서|'da|'de)/,
    patternNeeds: new Phrases('Python Rust Ruby Swift Scala Perl React Bash Lua Java Go C'),
  },
  {
    reason: 'names what only programmers use',
    points: 2,
    words: new Phrases(`
      xcode laravel symfony tailwind asp_net opengl webgl arduino firebase jenkins ansible rabbitmq elasticsearch selenium playwright storybook
      eslint cmake gcc clang llvm webassembly websocket websockets grpc openapi hadoop jupyter scikit_learn keras matplotlib opencv langchain
      github_actions kubectl numpy pandas psql mysql mongodb webpack pytest terraform valgrind npm asyncio usestate useeffect stdin stdout stderr
      localhost sudo dockerfile makefile tsconfig z_index`),
  },
  {
    reason: 'names a tool of programmers',
    points: 1,
    words: new Phrases(`
      git github gitlab docker* kubectl kubernetes npm yarn pip pandas numpy webpack terraform gradle maven nginx apache postgres postgresql mysql
      mongodb redis jest pytest eslint valgrind journalctl systemd aws vscode vs_code linux unix terminal firefox`),
  },
  {
    reason: 'names a command',
    points: 2,
    words: new Phrases('chmod chown grep sudo wget ssh awk crontab systemctl rsync mkdir apt_get virtualenv'),
    pattern: /\bcurl\b/,
    patternNeeds: new Phrases('curl'),
  },
  {
    reason: 'asks for a program',
    points: 1,
    ...verbBefore(
      6,
      'write implement refactor debug fix optimise optimize review create add convert port simplify test build rewrite parse sort',
      'function functions method methods class classes script scripts program programs code regex regular_expression regular_expressions query queries unit_test unit_tests algorithm algorithms endpoint endpoints hook hooks component components macro macros parser migration loop loops array config',
    ),
  },
  {
    reason: 'uses a term of programming',
    points: 1,
    words: wordsOfManyLanguages.code,
  },
  {
    reason: 'uses a term that only programming has',
    points: 2,
    words: new Phrases(`
      time_complexity big_o bigo recursive_function null_pointer compiler segfault stack_trace stacktrace stack_overflow runtime_error rest_api
      api_endpoint json regex regular_expression regular_expressions binary_search binary_tree linked_list hash_map hashmap hash_table hashtable
      quick_sort quicksort merge_sort mergesort bubble_sort bubblesort heap_sort heapsort dijkstra pull_request merge_conflict unit_test unit_tests
      race_condition memory_leak palindromic substring in_place bipartite flexbox grid_template goroutine closure lambda async await promise_all
      hydration load_balancer foreign_key primary_key prepared_statement stored_procedure sequential_scan autoscal* transitive_dependency
      package_lock abstract_class type_parameter generic_constraint linter isr malloc csrf cors jwt oauth idempoten* middleware mutex semaphore
      type_hint type_hints list_comprehension garbage_collector garbage_collection docstring div boolean crashloopbackoff dependency_injection`),
  },
];

/** The signs that a text is about code. */
export function codeSignalsIn(prompt: PhrasedText): readonly Signal[] {
  const spoken = signalsIn(prompt, SPOKEN);
  return SIGN.test(prompt.text) ? [...signalsIn(prompt, WRITTEN), ...spoken] : spoken;
}
