import { anyOf, type Signal } from './signal.js';
import { wordsThatAsk } from './words-of-many-languages.js';

/** Points from which a prompt is about code. */
export const CODE_POINTS = 2;

/** One pattern of several, read one to a line. */
function lines(flags: string, ...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'), flags);
}

/**
 * Signs of code. What only programmers write is enough by itself; a word that everyday language has too ("class", "function",
 * "Python", "script") needs a second sign.
 */
export const CODE_SIGNALS: readonly Signal[] = [
  { reason: 'a code block', points: 2, pattern: /^[ \t]*(```|~~~)/m },
  {
    reason: 'a stack trace or compiler message',
    points: 2,
    pattern: lines(
      'm',
      String.raw`^[ \t]+at .+:\d+:\d+\)?$`,
      String.raw`Traceback \(most recent call last\)`,
      String.raw`\b[A-Z]\w*(Error|Exception): `,
      String.raw`^(error|warning|fatal|panic|ld)(\[\w+\])?: `,
      String.raw`\bnpm ERR!|\bundefined reference to\b|[Ss]egmentation fault|\b[Ss]egfault|\bE(CONN|NOENT|ACCES|PERM|ADDR|RESOLVE|PIPE|TIMEDOUT)[A-Z]*\b|\berror\[?[A-Z]+\d+`,
      String.raw`^(\w+: )+(connection|cannot|could not|permission|no such|command not|unexpected|failed)\b`,
      String.raw`\b([Cc]onnection refused|([Ee]xit|[Ss]tatus) (code )?\d{1,3}\b|out of memory|is not assignable to|[Cc]annot borrow)`,
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
      String.raw`\bpublic static void\b|^[ \t]*#include\s*[<"]`,
      String.raw`^[ \t]*(SELECT|INSERT INTO|UPDATE|DELETE FROM|(CREATE|ALTER|DROP) TABLE)\b.*;`,
      String.raw`^[ \t]*\((defun|define|let|lambda|def|fn)\b|^\w+ :: [A-Z]|^[ \t]*(mov|push|pop|jmp|add|cmp|xor) \w+, ?\w`,
      String.raw`\bSELECT\b[\s\S]+\bFROM\b|\bselect \* from\b`,
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
      /\b[a-z]+_[a-z_]+\b|\b[A-Z]+_[A-Z_]+\b|(^|\s)--[a-z][\w-]+|(^|\s)-[A-Z]\d\b|(^|[\s'"])(\/(usr|var|etc|tmp|opt|bin|home)\b|~\/|\.\/)|\bu?int\d+\b|`[^`\n]+`|\bz-index\b|\b(border|margin|padding|display|position|[a-z]+-(width|height|color|size|align|radius)): \w/,
  },
  {
    reason: 'a name with a capital within',
    points: 1,
    pattern: /\b(?!iP|eB|mc)[a-z]{2,}[A-Z]\w*\b|\b[A-Z][a-z]+[A-Z][a-z]\w*\b/,
  },
  {
    reason: 'a source file',
    points: 2,
    pattern:
      /[\w-]\.(py|js|ts|tsx|jsx|java|go|rs|cpp|cs|rb|php|sh|sql|ya?ml|toml)\b|\b(Dockerfile|Makefile|package\.json|tsconfig)\b/,
  },
  {
    reason: 'names a language that is only a programming language',
    points: 2,
    pattern:
      /\b(JavaScript|TypeScript|Golang|PHP|Kotlin|Haskell|\w*SQL|SQLite|PowerShell|HTML5?|CSS|Node\.js|Vue|Django|Spring Boot|LaTeX|COBOL|Fortran|VBA|MATLAB|PyTorch|TensorFlow|CUDA|YAML|XML|GraphQL|SwiftUI|jQuery|Express\.js|Next\.js)\b|\bC(\+\+|#)/i,
  },
  {
    reason: 'names what may be a programming language',
    points: 1,
    pattern:
      /\b(Python|Java)\p{L}{0,2}(?!\p{L})|\b(Rust|Ruby|Swift|Scala|Perl|React|Angular|Flask|Lua)\b|\b([Bb]ash|zsh)\b|\bin (Go|C|R)\b/u,
  },
  {
    reason: 'asks for something in a programming language',
    points: 1,
    pattern:
      /\b([Ii]n|[Ee]n|[Ee]m|na|på|op|nel|di|w) (Python|Rust|Ruby|Swift|Scala|Perl|React|Bash|Lua)\b|(用|使用) ?(Python|Java|Rust|Go|C)\b|(на|в|у) (Python|Java|Rust|Go|C)\b|(Python|Java|Rust|Go|C)(で|에서|'da|'de)/,
  },
  {
    reason: 'names what only programmers use',
    points: 2,
    pattern:
      /\b(Xcode|Laravel|Symfony|Tailwind|ASP\.NET|OpenGL|WebGL|Arduino|Firebase|Jenkins|Ansible|RabbitMQ|Elasticsearch|Selenium|Playwright|Storybook|ESLint|CMake|GCC|Clang|LLVM|WebAssembly|WebSockets?|gRPC|OpenAPI|Hadoop|Jupyter|scikit-learn|Keras|Matplotlib|OpenCV|LangChain|GitHub Actions|kubectl|numpy|pandas|psql|MySQL|MongoDB|webpack|pytest|Terraform|Valgrind|npm|asyncio|useState|useEffect|stdin|stdout|stderr|localhost|sudo)\b/i,
  },
  {
    reason: 'names a tool of programmers',
    points: 1,
    pattern:
      /\b(git|github|gitlab|docker\w*|kubectl|kubernetes|npm|yarn|pip|pandas|numpy|webpack|terraform|gradle|maven|nginx|apache|postgres(ql)?|mysql|mongodb|redis|jest|pytest|eslint|valgrind|journalctl|systemd|aws|vs ?code|linux|unix|terminal|firefox)\b/i,
  },
  {
    reason: 'names a command',
    points: 2,
    pattern: /\b(chmod|chown|grep|sudo|curl|wget|ssh|awk|crontab|systemctl|rsync|mkdir|apt-get|virtualenv)\b/,
  },
  {
    reason: 'asks for a program',
    points: 1,
    pattern:
      /\b(write|implement|refactor|debug|fix|optimi[sz]e|review|create|add|convert|port|simplify|test|build|rewrite|parse|sort)\b(\s+[\w'-]+){0,6}?\s+(functions?|methods?|class(es)?|scripts?|programs?|code|regex|regular expressions?|quer(y|ies)|unit tests?|algorithms?|endpoints?|hooks?|components?|macros?|parser|migration|loops?|array|config)\b/i,
  },
  {
    reason: 'uses a term of programming',
    points: 1,
    pattern: anyOf(
      /\b(functions?|methods?|generics?|interface|thread|pod|heap|cache|merge|query|queries|login|browser|lock|deadlock|backend|frontend|debug|bug|dedupe|tuples?|vacuum|component|render(s|ing)?|variable|loop|array|config(uration)?|server|database|table|column|port|commit|branch|pointer|exception|endpoint|script|compiles?|crash(es|ed)?|deploy(s|ment)?|http|https|request|null|undefined|string|push|workflow|app|returns?|node_modules|generator)\b/i,
      wordsThatAsk('code'),
    ),
  },
  {
    reason: 'uses a term that only programming has',
    points: 2,
    pattern:
      /\b(time complexity|big-?O|recursive function|null pointer|compiler|segfault|stack ?trace|stack overflow|runtime error|REST API|API endpoint|JSON|regex|regular expressions?|binary (search|tree)|linked list|hash ?(map|table)|(quick|merge|bubble|heap) ?sort|dijkstra|pull request|merge conflict|unit tests?|race condition|memory leak|palindromic|substring|in-place|bipartite|flexbox|grid-template|goroutine|closure|lambda|async|await|promise\.all|hydration|load balancer|foreign key|primary key|prepared statement|stored procedure|sequential scan|autoscal\w+|transitive dependency|package-lock|abstract class|type parameter|generic constraint|linter|ISR|malloc|CSRF|CORS|JWT|OAuth|idempoten\w+|middleware|mutex|semaphore|type hints?|list comprehension|garbage collect(or|ion)|docstring|div|boolean|CrashLoopBackOff|foreign key|dependency injection)\b/i,
  },
];
