# Services that are away.
# shellcheck shell=bash disable=SC2154 # sourced by verify.d/monitoring, which has the rest

keycloak_away() { stop keycloak; }
keycloak_back() { start keycloak; }

limits_away() { stop redis-limits; }
limits_back() { start redis-limits; }

gateways_away() {
  node_gone plain
  stop gateway-1 gateway-2
}
gateways_back() { start gateway-1 gateway-2; }

nginx_away() { stop nginx; }
nginx_back() { start nginx; }

database_away() { stop postgres; }
database_back() { start postgres; }

batch one
fault "Keycloak stopped" keycloak_away keycloak_back 60 KeycloakDown TargetDown
fault "the Redis of the limits stopped" limits_away limits_back 60 LimitsLocal
fault "Nginx stopped" nginx_away nginx_back 60 NginxDown EdgeProbeFailed
batch two
fault "PostgreSQL stopped" database_away database_back 60 PostgresDown
fault "both gateways stopped" gateways_away gateways_back 60 GatewayDown
