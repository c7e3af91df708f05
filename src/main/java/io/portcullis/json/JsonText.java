package io.portcullis.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Strict JSON: one RFC 8259 value and nothing else, in valid UTF-8, within limits, every member
 * name once. What differs from Vert.x's own parser is that everything two readers could understand
 * differently is refused: duplicate members, text behind the value, malformed UTF-8, escaped lone
 * surrogates, numbers that a Java number cannot hold.
 *
 * <p>Integers become {@code Integer} or {@code Long}, other numbers {@code Double}. The only
 * failure is {@link JsonTextException}. Safe on any thread.
 */
public final class JsonText {
  /**
   * Jackson's own limits stand aside: the text is bounded by bytes before Jackson sees it, and the
   * reader checks depth and lengths itself so that it can say which limit was hit. Names are
   * neither shared nor interned, because they come from strangers.
   */
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonText() {}

  /** Reads a text that must be one object. */
  public static JsonObject parseObject(Buffer text, JsonLimits limits) {
    return asObject(parse(text, limits));
  }

  /** Reads a text that must be one object. */
  public static JsonObject parseObject(byte[] text, JsonLimits limits) {
    return asObject(parse(text, limits));
  }

  /** Reads any one value; null for the literal {@code null}. */
  public static @Nullable Object parse(Buffer text, JsonLimits limits) {
    checkSize(text.length(), limits);
    return parse(text.getBytes(), limits);
  }

  /** Reads any one value; null for the literal {@code null}. */
  public static @Nullable Object parse(byte[] text, JsonLimits limits) {
    checkSize(text.length, limits);
    CharBuffer characters = Utf8Text.decode(text);
    try (JsonParser parser = FACTORY.createParser(characters.array(), 0, characters.remaining())) {
      return new JsonReader(parser, limits).document();
    } catch (JsonProcessingException e) {
      throw JsonReader.problem(e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading characters in memory failed", e);
    }
  }

  private static void checkSize(int bytes, JsonLimits limits) {
    if (bytes > limits.maxBytes()) {
      throw new JsonTextException("more than " + limits.maxBytes() + " bytes", 0, 0);
    }
  }

  private static JsonObject asObject(@Nullable Object value) {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new JsonTextException("an object is expected", 1, 1);
  }
}
