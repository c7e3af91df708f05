package io.portcullis.config;

import static io.portcullis.config.NetworkForms.protectedAddress;
import static io.portcullis.config.TextForms.identifier;
import static io.portcullis.config.TextForms.path;
import static io.portcullis.config.TextForms.word;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Access to Keycloak's admin API, for creating organizations with tenants. Absent, organizations
 * are made by hand.
 *
 * @param url base address; empty switches the integration off
 * @param realm the realm of the platform's users
 * @param client a confidential client whose service account may manage organizations
 * @param secret its secret
 * @param trust who vouches for the certificate of an https address; absent: whom the JVM trusts
 */
public record KeycloakConfig(
    Optional<URI> url, String realm, String client, Secret secret, Optional<Path> trust) {

  static KeycloakConfig read(Section keycloak) {
    KeycloakConfig config =
        new KeycloakConfig(
            keycloak.optional(
                "url",
                protectedAddress(),
                "base address of the admin API, for creating organizations with tenants; absent,"
                    + " organizations are made by hand"),
            keycloak.value(
                "realm", identifier(), "portcullis", "the realm of the platform's users"),
            keycloak.value(
                "client",
                word(),
                "portcullis-admin",
                "a confidential client whose service account may manage organizations"),
            keycloak.secret("secret", "the client's secret"),
            keycloak.optional(
                "trust",
                path(),
                "the certificates that vouch for an https address, PEM; absent: whom the JVM"
                    + " trusts"));
    config
        .url()
        .ifPresent(
            url ->
                keycloak.check(
                    NetworkForms.isLoopback(url.getHost()) || config.secret().isStrong(),
                    Secret.rule("keycloak.secret"),
                    "secret",
                    "secret-file",
                    "url"));
    return config;
  }
}
