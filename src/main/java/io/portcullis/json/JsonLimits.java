package io.portcullis.json;

/**
 * How much JSON is read before it is refused. Every bound is inclusive.
 *
 * @param maxBytes length of the whole text in bytes
 * @param maxDepth nested objects and arrays; a flat object has depth 1
 * @param maxStringLength length of one string or member name in UTF-16 units
 * @param maxMembers members of objects and elements of arrays, counted over the whole text
 */
public record JsonLimits(int maxBytes, int maxDepth, int maxStringLength, int maxMembers) {
  /** The parser recurses, so this depth is what any thread's stack can take. */
  private static final int DEEPEST = 512;

  /** Refuses limits that would refuse everything or bound nothing. */
  public JsonLimits {
    if (maxBytes < 1 || maxStringLength < 1 || maxMembers < 0) {
      throw new IllegalArgumentException("JSON limits are positive");
    }
    if (maxDepth < 1 || maxDepth > DEEPEST) {
      throw new IllegalArgumentException("the depth of JSON is limited to 1.." + DEEPEST);
    }
  }
}
