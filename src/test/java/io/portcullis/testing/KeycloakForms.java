package io.portcullis.testing;

import io.portcullis.testing.Visitor.Page;
import java.net.URI;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person does on Keycloak's own pages, for a visitor without a browser. */
public final class KeycloakForms {
  private static final Pattern RESET =
      Pattern.compile("href=\"([^\"]*/login-actions/reset-credentials[^\"]*)\"");

  private KeycloakForms() {}

  /** Fills the login page, whether it asks for name and password at once or one after the other. */
  public static Page logIn(Visitor visitor, Page loginPage, String user, String password) {
    Page page = loginPage;
    if (!page.text().contains("name=\"password\"")) {
      page = visitor.submit(page, Map.of("username", user));
    }
    return visitor.submit(page, Map.of("username", user, "password", password));
  }

  /** From the login page: asks for a letter to choose a new password. */
  public static Page forgotPassword(Visitor visitor, Page loginPage, String user) {
    Matcher link = RESET.matcher(loginPage.text());
    if (!link.find()) {
      throw new AssertionError("no way to a new password at " + loginPage.address());
    }
    URI target = loginPage.address().resolve(link.group(1).replace("&amp;", "&"));
    return visitor.submit(visitor.get(target), Map.of("username", user));
  }

  /** Chooses a new password on the page that asks for one. */
  public static Page newPassword(Visitor visitor, Page page, String password) {
    return visitor.submit(page, Map.of("password-new", password, "password-confirm", password));
  }
}
