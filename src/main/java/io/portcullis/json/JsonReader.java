package io.portcullis.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one value from a token stream, checking what the token stream does not. One use only. */
final class JsonReader {
  /**
   * Longer than any number that a long or a double needs (RFC 8259, section 6: a limit is ours).
   */
  private static final int MAX_NUMBER_LENGTH = 64;

  private static final int QUOTED_NAME_LENGTH = 40;

  private final JsonParser parser;
  private final JsonLimits limits;
  private int members;

  JsonReader(JsonParser parser, JsonLimits limits) {
    this.parser = parser;
    this.limits = limits;
  }

  @Nullable Object document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new JsonTextException("the text is empty", 1, 1);
    }
    Object value = value(first, 0);
    if (parser.nextToken() != null) {
      throw refuse("text behind the value");
    }
    return value;
  }

  private @Nullable Object value(JsonToken token, int depth) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(deeper(depth));
      case START_ARRAY -> array(deeper(depth));
      case VALUE_STRING -> string();
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> decimal();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw refuse("a value is expected");
    };
  }

  private JsonObject object(int depth) throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (next() != JsonToken.END_OBJECT) {
      count();
      String name = string();
      if (map.containsKey(name)) {
        throw refuse("duplicate member " + quoted(name));
      }
      map.put(name, value(next(), depth));
    }
    return new JsonObject(map);
  }

  private JsonArray array(int depth) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      count();
      list.add(value(token, depth));
    }
    return new JsonArray(list);
  }

  /** Jackson throws when the text ends inside a structure, so null never comes out here. */
  private JsonToken next() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw refuse("the text ends too early");
    }
    return token;
  }

  private int deeper(int depth) {
    if (depth == limits.maxDepth()) {
      throw refuse("nested deeper than " + limits.maxDepth());
    }
    return depth + 1;
  }

  private void count() {
    if (++members > limits.maxMembers()) {
      throw refuse("more than " + limits.maxMembers() + " members and elements");
    }
  }

  private String string() throws IOException {
    String text = parser.getText();
    if (text.length() > limits.maxStringLength()) {
      throw refuse("a string longer than " + limits.maxStringLength() + " characters");
    }
    if (hasLoneSurrogate(text)) {
      throw refuse("an escaped lone surrogate");
    }
    return text;
  }

  private Number integer() throws IOException {
    checkNumberLength();
    return switch (parser.getNumberType()) {
      case INT -> parser.getIntValue();
      case LONG -> parser.getLongValue();
      default -> throw refuse("a number out of range");
    };
  }

  /** A number too large for a double, or so small that it would silently become 0, is refused. */
  private Double decimal() throws IOException {
    checkNumberLength();
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value) || (value == 0 && hasNonZeroDigit(parser.getText()))) {
      throw refuse("a number out of range");
    }
    return value;
  }

  private void checkNumberLength() throws IOException {
    if (parser.getTextLength() > MAX_NUMBER_LENGTH) {
      throw refuse("a number longer than " + MAX_NUMBER_LENGTH + " characters");
    }
  }

  private static boolean hasNonZeroDigit(String number) {
    for (int i = 0; i < number.length() && (number.charAt(i) | 0x20) != 'e'; i++) {
      if (number.charAt(i) >= '1' && number.charAt(i) <= '9') {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static String quoted(String name) {
    StringBuilder quoted = new StringBuilder("\"");
    int length = Math.min(name.length(), QUOTED_NAME_LENGTH);
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      quoted.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return quoted.append(name.length() > length ? "…\"" : "\"").toString();
  }

  private JsonTextException refuse(String problem) {
    JsonLocation at = parser.currentTokenLocation();
    return new JsonTextException(problem, at.getLineNr(), at.getColumnNr());
  }

  /** Jackson's messages name its switches and Java types; ours say what a sender can mend. */
  static JsonTextException problem(JsonProcessingException e) {
    String message = String.valueOf(e.getOriginalMessage());
    String problem =
        e instanceof JsonEOFException
            ? "the text ends too early"
            : message.startsWith("Unrecognized token") || message.startsWith("Non-standard token")
                ? "an unknown word"
                : message.startsWith("Invalid numeric value")
                    ? "a malformed number"
                    : message.startsWith("Illegal unquoted character")
                        ? "an unescaped control character in a string"
                        : message.startsWith("Unrecognized character escape")
                            ? "an unknown escape"
                            : "an unexpected character";
    JsonLocation at = e.getLocation();
    return at == null
        ? new JsonTextException(problem, 0, 0)
        : new JsonTextException(problem, at.getLineNr(), at.getColumnNr());
  }
}
