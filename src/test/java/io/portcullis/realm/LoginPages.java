package io.portcullis.realm;

import io.portcullis.testing.Form;
import io.portcullis.testing.PlainBrowser;
import io.portcullis.testing.Totp;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A browser without a picture: asks for a login as the gateway does, fills in Keycloak's forms,
 * keeps its cookies, and redeems the code.
 */
final class LoginPages implements AutoCloseable {
  private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
  private static final Pattern SECRET = Pattern.compile("name=\"totpSecret\" value=\"([^\"]+)\"");
  private static final String VERIFIER = "a-verifier-that-is-long-enough-for-the-rule-of-43-signs";

  private final PlainBrowser browser = new PlainBrowser();
  private final URI endpoints;
  private final String client;
  private final String secret;
  private final String redirect;
  private String page = "";

  LoginPages(URI issuer, String client, String secret, String redirect) {
    this.endpoints = URI.create(issuer + "/protocol/openid-connect/");
    this.client = client;
    this.secret = secret;
    this.redirect = redirect;
  }

  /** Begins a login; answers the page, or the code when none is needed. */
  String begin(String scope, String acr) {
    return begin(scope, acr, Map.of());
  }

  /** The same with more in the query. */
  String begin(String scope, String acr, Map<String, String> more) {
    Map<String, String> query = new LinkedHashMap<>(more);
    query.put("client_id", client);
    query.put("response_type", "code");
    query.put("redirect_uri", redirect);
    query.put("scope", scope);
    query.put("code_challenge", challenge());
    query.put("code_challenge_method", "S256");
    if (!acr.isEmpty()) {
      query.put("acr_values", acr);
    }
    return get("auth", query);
  }

  /** Submits the form of the last page; answers the next page, or the code. */
  String submit(Map<String, String> fields) {
    Matcher action = ACTION.matcher(page);
    if (!action.find()) {
      throw new AssertionError("no form in " + page);
    }
    URI target = URI.create(action.group(1).replace("&amp;", "&"));
    return follow(browser.post(target, fields));
  }

  /** The second factor that the last page offers. */
  Totp offered() {
    return Totp.ofText(secretOffered());
  }

  /** Sets it up; answers the next page, or the code. */
  String enrol(Totp totp) {
    return submit(Map.of("totpSecret", secretOffered(), "totp", totp.next(), "userLabel", "test"));
  }

  private String secretOffered() {
    Matcher offered = SECRET.matcher(page);
    if (!offered.find()) {
      throw new AssertionError("no enrolment in " + page);
    }
    return offered.group(1);
  }

  /** The tokens for a code. */
  JsonObject redeem(String code) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("client_id", client);
    if (!secret.isEmpty()) {
      form.put("client_secret", secret);
    }
    form.put("code", code);
    form.put("redirect_uri", redirect);
    form.put("code_verifier", VERIFIER);
    JsonObject tokens = new JsonObject(post("token", form));
    if (!tokens.containsKey("access_token")) {
      throw new AssertionError(tokens.encode());
    }
    return tokens;
  }

  /** Opens one of the endpoints as the browser it is; answers the page. */
  String get(String endpoint, Map<String, String> query) {
    return follow(browser.get(endpoints.resolve(endpoint + "?" + Form.encode(query))));
  }

  /** Any request to the client's endpoints. */
  String post(String endpoint, Map<String, String> form) {
    return browser.post(endpoints.resolve(endpoint), form).body();
  }

  static JsonObject claims(String token) {
    byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return new JsonObject(new String(claims, StandardCharsets.UTF_8));
  }

  /** Redirects are followed as long as they stay at Keycloak; one to the client holds the code. */
  private String follow(HttpResponse<String> answer) {
    HttpResponse<String> last = answer;
    for (int hops = 0; hops < 10; hops++) {
      String location = last.headers().firstValue("location").orElse("");
      if (location.isEmpty()) {
        page = last.body();
        return page;
      }
      if (location.startsWith(redirect)) {
        Matcher code = Pattern.compile("[?&]code=([^&]+)").matcher(location);
        return code.find() ? "code:" + code.group(1) : location;
      }
      last = browser.get(last.uri().resolve(location));
    }
    throw new AssertionError("redirects without end");
  }

  private static String challenge() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    browser.close();
  }
}
