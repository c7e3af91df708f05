package io.portcullis.session;

import io.portcullis.config.LoginConfig;
import io.portcullis.config.SessionConfig;
import io.portcullis.redis.RedisLanes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/**
 * People with a browser: how they come in, what they have then, and how it ends.
 *
 * @param flow logging in and out
 * @param backChannel what the issuer ends
 * @param sessions what they have
 * @param idle an unused session ends after this
 * @param attempt how long somebody may take to log in
 */
public record BrowserLogin(
    LoginFlow flow, BackChannel backChannel, Sessions sessions, Duration idle, Duration attempt) {

  /**
   * Puts the parts together.
   *
   * @param issuer the exact {@code iss} of the issuer that people log in at
   * @param client also what {@code sessions} refreshes with
   * @param registryLoaded whether it is known at all which tenants there are
   */
  public static BrowserLogin of(
      LoginConfig login,
      SessionConfig config,
      String issuer,
      OidcClient client,
      OidcProofs proofs,
      LogoutSpread spread,
      Sessions sessions,
      RedisLanes state,
      BooleanSupplier registryLoaded,
      InstantSource clock) {
    LoginSeal seal = new LoginSeal(new MasterKeys(config), login.attempt(), clock);
    LogoutOnce once = new LogoutOnce(state, proofs.logoutTokenLife());
    return new BrowserLogin(
        new LoginFlow(issuer, seal, client, proofs, sessions, registryLoaded, clock),
        new BackChannel(proofs, once, spread, sessions),
        sessions,
        config.idle(),
        login.attempt());
  }
}
