package io.portcullis.testing;

import java.net.URI;

/** What a person does on Keycloak's own pages, with its own theme. */
public final class KeycloakPages {
  private static final String USERNAME = "#username";
  private static final String PASSWORD = "#password";
  private static final String CONTINUE = "#kc-login";

  private final Browser browser;

  /** In this browser. */
  public KeycloakPages(Browser browser) {
    this.browser = browser;
  }

  /** Fills the login page, whether it asks for name and password at once or one after the other. */
  public void logIn(String user, String password) {
    browser.type(USERNAME, user);
    if (!browser.shows(PASSWORD)) {
      browser.click(CONTINUE);
    }
    browser.type(PASSWORD, password);
    browser.click(CONTINUE);
  }

  /** Asked only for the password of somebody whom it knows. */
  public void password(String password) {
    browser.type(PASSWORD, password);
    browser.click(CONTINUE);
  }

  /** Enrols the authenticator app that the page demands, by the secret for typing. */
  public Totp enrolTotp() {
    browser.click("#mode-manual");
    Totp totp = Totp.ofBase32(browser.text("#kc-totp-secret-key"));
    browser.type("#totp", totp.next());
    browser.type("#userLabel", "phone");
    browser.click("#saveTOTPBtn");
    return totp;
  }

  /** Types the code for which the page asks. */
  public void oneTimeCode(Totp totp) {
    browser.type("#otp", totp.next());
    browser.click(CONTINUE);
  }

  /** Chooses a new password on the page that asks for one. */
  public void newPassword(String password) {
    browser.type("#password-new", password);
    browser.type("#password-confirm", password);
    browser.click("#kc-passwd-update-form button[type=submit]");
  }

  /** Asks for a letter to choose a new password. */
  public void forgotPassword(String user) {
    browser.click("//a[contains(@href,'reset-credentials')]");
    browser.type(USERNAME, user);
    browser.click("#kc-reset-password-form button[type=submit]");
  }

  /** In the account console: the list of devices, once it is there. */
  public void openDevices(URI realm) {
    browser.open(URI.create(realm + "/account/account-security/device-activity"));
  }

  /** In the list of devices: begins to sign out the only other one. */
  public void chooseOtherDevice() {
    browser.click(
        "//*[@aria-label='device-sessions-content']"
            + "[not(contains(., 'Current session'))]//button[normalize-space()='Sign out']");
    browser.awaitOneOf("#modal-confirm");
  }

  /** Says yes to what the console asks. */
  public void confirm() {
    browser.click("#modal-confirm");
  }
}
