# Services that are away.
# shellcheck shell=bash

services_away() { stop keycloak sentinel-3; }
services_back() { start keycloak sentinel-3; }

gateways_away() { stop gateway-1 gateway-2; }
gateways_back() { start gateway-1 gateway-2; }

nginx_away() { stop nginx; }
nginx_back() { start nginx; }

database_away() { stop postgres; }
database_back() { start postgres; }

limits_away() { stop redis-limits; }
limits_back() { start redis-limits; }

fault "Keycloak and a sentinel stopped" services_away services_back 60 KeycloakDown SentinelDown TargetDown
fault "the Redis of the limits stopped" limits_away limits_back 60 RedisDown HopTlsFailed
fault "Nginx stopped" nginx_away nginx_back 60 NginxDown
fault "PostgreSQL stopped" database_away database_back 90 PostgresDown NodeNotReady
fault "both gateways stopped" gateways_away gateways_back 60 GatewayDown
