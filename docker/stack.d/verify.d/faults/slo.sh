# The error budgets.
# shellcheck shell=bash disable=SC2154

# No node answers, while people ask ten times a second.
nobody_answers() {
  client_at served backend && session served alice acme || return 1
  meanwhile 150 through_nginx served 140 10 --header "$(cookie_of served)" "$edge_address/api/v1/me?[1-2000]"
  stop gateway-1 gateway-2
}
somebody_answers() {
  start gateway-1 gateway-2
  gone served
}

fault "no node answers, under load" nobody_answers somebody_answers 140 EdgeUpstreamFailing ErrorBudgetBurnsFast ErrorBudgetBurns \
  ErrorBudgetBurnsSlowly ErrorBudgetWillNotLast
