package io.portcullis.session;

import java.time.Instant;

/**
 * A login that has just been proved: everything in it was verified by whoever makes it.
 *
 * @param issuer the issuer, exactly as in {@code iss}
 * @param tenant the alias of the organization that was chosen; empty when none was
 * @param subject the issuer's permanent id of the person ({@code sub})
 * @param username the name to show
 * @param providerSession the issuer's session ({@code sid}); empty when it does not say
 * @param tokens what the issuer gave for the code
 * @param authenticatedAt when the person proved who they are ({@code auth_time})
 * @param level how strongly ({@code acr}); empty when the issuer does not say
 */
public record NewSession(
    String issuer,
    String tenant,
    String subject,
    String username,
    String providerSession,
    Tokens tokens,
    Instant authenticatedAt,
    String level) {}
