# The error budgets.
# shellcheck shell=bash disable=SC2154

# No node answers, while twenty people ask once a second. Each waits some three seconds for Nginx, which looks for
# machines that are gone.
nobody_answers() {
  client_at served backend && session served alice acme || return 1
  local person
  for person in {1..20}; do
    meanwhile 150 through_nginx served 140 1 --header "$(cookie_of served)" "$edge_address/api/v1/me?$person=[1-2000]"
  done
  node_gone plain
  stop gateway-1 gateway-2
}
somebody_answers() {
  start gateway-1 gateway-2
  gone served
}

fault "no node answers, under load" nobody_answers somebody_answers 140 EdgeUpstreamFailing ErrorBudgetBurnsFast ErrorBudgetBurns \
  ErrorBudgetBurnsSlowly ErrorBudgetWillNotLast
