package io.portcullis.model;

import java.util.regex.Pattern;

/**
 * The opaque, permanent name of a tenant: thirteen characters of {@code [a-z0-9]}, the first a
 * letter.
 *
 * <p>The same value names the database role and schema, the limiter's hash tag and the audit chain,
 * so it is safe by construction to appear in SQL identifiers and Redis keys. The name customers
 * know ({@code acme}) can change; this cannot.
 */
public record TenantId(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9]{12}");

  /** Checks the shape; anything else never becomes a tenant. */
  public TenantId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a tenant id is 13 characters of [a-z0-9], a letter first");
    }
  }

  /** The database role, which is also the name of the schema that the role may use. */
  public String role() {
    return "t_" + value;
  }

  @Override
  public String toString() {
    return value;
  }
}
