// What went wrong, as sentences in the widget's language.

function complaint(failure, tongue) {
  if (!(failure instanceof Problem)) {
    if (failure instanceof TypeError || failure.name === "AbortError" || failure instanceof SyntaxError) {
      return [tongue.tell(navigator.onLine === false ? "noNetwork" : failure.name === "AbortError" ? "slow" : "offline")];
    }
    return [tongue.tell("broken")];
  }
  if (failure.status === 429) return [tongue.tell("busy", failure.wait ?? 60)];
  const { text, errors = [] } = failure.document;
  return [text ? tongue.say(text) : failure.message, ...errors.map((item) => tongue.say(item.text))];
}
