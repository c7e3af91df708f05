package io.portcullis.model;

/**
 * How strongly somebody proved who they are ({@code acr}, OpenID Connect Core 1.0, section 2). Ours
 * are small numbers, as Keycloak's levels of authentication are: 1 a password, 2 a second factor.
 */
public final class Level {
  private static final int MAX_DIGITS = 3;

  private Level() {}

  /** Whether what was proved is enough. A level that is no number is enough for itself alone. */
  public static boolean reaches(String proved, String needed) {
    return needed.isEmpty()
        || proved.equals(needed)
        || (isNumber(needed)
            && isNumber(proved)
            && Integer.parseInt(proved) >= Integer.parseInt(needed));
  }

  private static boolean isNumber(String level) {
    return !level.isEmpty()
        && level.length() <= MAX_DIGITS
        && level.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
