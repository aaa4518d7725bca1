import type { Signal } from './signal.js';

/** Points from which a prompt is about code. */
export const CODE_POINTS = 2;

/** One pattern of several, read one to a line. */
function anyOf(flags: string, ...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'), flags);
}

/**
 * Signs of code. What only programmers write is enough by itself; a word that everyday language has too ("class", "function",
 * "Python", "script") needs a second sign.
 */
export const CODE_SIGNALS: readonly Signal[] = [
  { reason: 'a code block', points: 2, pattern: /^\s*(```|~~~)/m },
  {
    reason: 'a stack trace or compiler message',
    points: 2,
    pattern: anyOf(
      'm',
      String.raw`^\s+at .+:\d+:\d+\)?$`,
      String.raw`Traceback \(most recent call last\)`,
      String.raw`\b[A-Z]\w*(Error|Exception): `,
      String.raw`^(error|warning|fatal|panic|ld)(\[\w+\])?: `,
      String.raw`\bnpm ERR!|\bundefined reference to\b|[Ss]egmentation fault`,
    ),
  },
  {
    reason: 'the syntax of a programming language',
    points: 2,
    pattern: anyOf(
      'm',
      String.raw`^\s*(def|class|fn|func) \w+.*[:{=]`,
      String.raw`\bfunction\b\s*\w*\([\w\s,]*\)\s*\{`,
      String.raw`=>\s*[{(]|->\s*\w+\s*[{:]|\w::\w|&&|\|\||[=!]==?\s|[+\-*/]=\s`,
      String.raw`\b(const|let|var) [\w{}[\], ]+ = `,
      String.raw`\bfor \(\w+ (\w+ )?= `,
      String.raw`\bpublic static void\b|^\s*#include\s*[<"]`,
      String.raw`\bSELECT\b[\s\S]+\bFROM\b|\bselect \* from\b`,
      String.raw`\b[a-z_]\w*(\.\w+)+\(|\b[a-z]+[A-Z_]\w*\(|\b\w+_\w+\(|\b[a-z]\w*\([^\s()]*(\(|[,=])|\w\(\)`,
      String.raw`</?[a-z][\w-]*( [\w-]+=.*)?>`,
      String.raw`[;{}]\s*\n[\s\S]*[;{}]\s*(\n|$)`,
    ),
  },
  {
    reason: 'a source file',
    points: 2,
    pattern:
      /\b[\w-]+\.(py|js|ts|tsx|jsx|java|go|rs|cpp|cs|rb|php|sh|sql|ya?ml|toml)\b|\b(Dockerfile|Makefile|package\.json|tsconfig)\b/,
  },
  {
    reason: 'names a language that is only a programming language',
    points: 2,
    pattern:
      /\b(JavaScript|TypeScript|Golang|PHP|Kotlin|Haskell|SQL|PowerShell|HTML5?|CSS|Node\.js|Vue|Django|Spring Boot|LaTeX)\b|\bC(\+\+|#)/i,
  },
  {
    reason: 'names what may be a programming language',
    points: 1,
    pattern: /\b(Python|Java|Rust|Ruby|Swift|Scala|Perl|React|Angular|Flask|Lua)\b|\b[Bb]ash\b|\bin (Go|C|R)\b/,
  },
  {
    reason: 'names a tool of programmers',
    points: 1,
    pattern:
      /\b(git|github|gitlab|docker|kubectl|kubernetes|npm|yarn|pip|pandas|numpy|webpack|terraform|gradle|maven|nginx|apache|postgres(ql)?|mysql|mongodb|redis|jest|pytest|vs ?code|linux|unix|terminal)\b/i,
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
    pattern:
      /\b(function|method|component|render(s|ing)?|variable|loop|array|config(uration)?|server|database|table|column|port|commit|branch|pointer|exception|endpoint|script|compiles?|crash(es|ed)?|deploy(s|ment)?|http|https|request|null|undefined|string|push|workflow|app|returns?|node_modules|generator)\b/i,
  },
  {
    reason: 'uses a term that only programming has',
    points: 2,
    pattern:
      /\b(time complexity|big-?O|recursive function|null pointer|compiler|segfault|stack ?trace|stack overflow|runtime error|REST API|API endpoint|JSON|regex|regular expressions?|binary (search|tree)|linked list|hash ?(map|table)|(quick|merge|bubble|heap) ?sort|dijkstra|pull request|merge conflict|unit tests?|race condition|memory leak|middleware|mutex|semaphore|type hints?|list comprehension|garbage collect(or|ion)|docstring|div|boolean|CrashLoopBackOff|foreign key|dependency injection)\b/i,
  },
];
