package io.portcullis.waf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets through what is known to be harmless and replaces the rest: names of fields, paths of
 * resources, messages of rules. Never a value that somebody sent.
 */
final class Mask {
  static final String MASKED = "…";

  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._~-]{1,48}");
  private static final Pattern TOKEN =
      Pattern.compile("(?i)eyJ[\\w-]{6,}.*|(?=.*[a-z])(?=.*[0-9])[a-z0-9_~.-]{37,}");
  private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9_.@$-]{1,64}");
  private static final Pattern COLLECTION = Pattern.compile("[A-Z_]{2,32}");
  private static final Pattern WORD = Pattern.compile("[A-Z]{1,16}");
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:%]{2,64}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern SCORE = Pattern.compile("Total Score: (\\d{1,6})");
  private static final Pattern QUOTED = Pattern.compile("\\([^)]*\\)?|[^ -~]");
  private static final String VARIABLE = "against variable `";
  private static final int MAX_PATH = 256;
  private static final int MAX_MESSAGE = 120;

  private Mask() {}

  /** The path of a target; segments that could be a secret or an attack are masked. */
  static String path(String uri) {
    int end = uri.indexOf('?');
    String path = end < 0 ? uri : uri.substring(0, end);
    StringBuilder masked = new StringBuilder();
    for (String segment : path.split("/", -1)) {
      if (masked.length() > MAX_PATH) {
        return masked.append(MASKED).toString();
      }
      boolean plain =
          segment.isEmpty()
              || (SEGMENT.matcher(segment).matches() && !TOKEN.matcher(segment).matches());
      masked.append('/').append(plain ? segment : MASKED);
    }
    return masked.substring(1);
  }

  /** The variable in ModSecurity's sentence about a match, e.g. {@code ARGS:title}. */
  static String target(String match) {
    int start = match.indexOf(VARIABLE);
    if (start < 0) {
      return "";
    }
    int end = match.indexOf("' (Value:", start);
    String variable =
        end < 0
            ? match.substring(start + VARIABLE.length())
            : match.substring(start + VARIABLE.length(), end);
    int colon = variable.indexOf(':');
    String collection = colon < 0 ? variable : variable.substring(0, colon);
    if (!COLLECTION.matcher(collection).matches()) {
      return MASKED;
    }
    if (colon < 0) {
      return collection;
    }
    String name = variable.substring(colon + 1);
    boolean plain = FIELD.matcher(name).matches() && !TOKEN.matcher(name).matches();
    return collection + ":" + (plain ? name : MASKED);
  }

  /** A rule's message without what it quotes of the request in parentheses. */
  static String message(String text) {
    Matcher score = SCORE.matcher(text);
    String kept = score.find() ? "Inbound score " + score.group(1) : text;
    String plain = QUOTED.matcher(kept).replaceAll("").strip();
    return plain.length() <= MAX_MESSAGE ? plain : plain.substring(0, MAX_MESSAGE);
  }

  /** The score in the message of the rule that refuses by score; 0 in any other. */
  static int score(String message) {
    Matcher score = SCORE.matcher(message);
    return score.find() ? Integer.parseInt(score.group(1)) : 0;
  }

  static String method(String text) {
    return WORD.matcher(text).matches() ? text : MASKED;
  }

  static String address(String text) {
    return ADDRESS.matcher(text).matches() ? text : MASKED;
  }

  static String id(String text) {
    return ID.matcher(text).matches() ? text : MASKED;
  }
}
