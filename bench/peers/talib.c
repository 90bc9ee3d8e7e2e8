/*
 * TA-Lib for `make bench-kernels`: its functions over the memory of Float64Arrays, nothing copied.
 * call(name, [open, high, low, close, volume], parameters, outputs), all Float64Arrays of one length.
 */
#include <node_api.h>
#include <string.h>
#include "ta_libc.h"

#define MOST_OUTPUTS 3
#define MOST_PARAMETERS 8

typedef struct {
  int end;
  const double *open, *high, *low, *close, *volume;
  const double *p;
  double *out[MOST_OUTPUTS];
  int begin, count;
} Call;

typedef TA_RetCode (*Function)(Call *);

#define N(k) ((int)c->p[k])
#define RANGE 0, c->end
#define WHERE &c->begin, &c->count
#define ONE WHERE, c->out[0]
#define TWO ONE, c->out[1]
#define THREE TWO, c->out[2]
#define HLC c->high, c->low, c->close
#define OF(name, ...) \
  static TA_RetCode call_##name(Call *c) { return TA_##name(RANGE, __VA_ARGS__); }

OF(SMA, c->close, N(0), ONE)
OF(EMA, c->close, N(0), ONE)
OF(WMA, c->close, N(0), ONE)
OF(DEMA, c->close, N(0), ONE)
OF(TEMA, c->close, N(0), ONE)
OF(TRIX, c->close, N(0), ONE)
OF(KAMA, c->close, N(0), ONE)
OF(TRIMA, c->close, N(0), ONE)
OF(RSI, c->close, N(0), ONE)
OF(CMO, c->close, N(0), ONE)
OF(MACD, c->close, N(0), N(1), N(2), THREE)
OF(BBANDS, c->close, N(0), c->p[1], c->p[2], TA_MAType_SMA, THREE)
OF(STDDEV, c->close, N(0), 1.0, ONE)
OF(ATR, HLC, N(0), ONE)
OF(ADX, HLC, N(0), ONE)
OF(PLUS_DI, HLC, N(0), ONE)
OF(STOCH, HLC, N(0), N(1), TA_MAType_SMA, N(2), TA_MAType_SMA, TWO)
OF(STOCHRSI, c->close, N(0), N(1), N(2), TA_MAType_SMA, TWO)
OF(CCI, HLC, N(0), ONE)
OF(WILLR, HLC, N(0), ONE)
OF(AROON, c->high, c->low, N(0), TWO)
OF(SAR, c->high, c->low, c->p[0], c->p[1], ONE)
OF(OBV, c->close, c->volume, ONE)
OF(AD, HLC, c->volume, ONE)
OF(ADOSC, HLC, c->volume, N(0), N(1), ONE)
OF(MFI, HLC, c->volume, N(0), ONE)
OF(ULTOSC, HLC, N(0), N(1), N(2), ONE)
OF(ROC, c->close, N(0), ONE)
OF(LINEARREG, c->close, N(0), ONE)
OF(CORREL, c->close, c->volume, N(0), ONE)
OF(MIN, c->close, N(0), ONE)
OF(MAX, c->close, N(0), ONE)

static const struct { const char *name; Function function; } functions[] = {
#define ENTRY(name) {#name, call_##name},
  ENTRY(SMA) ENTRY(EMA) ENTRY(WMA) ENTRY(DEMA) ENTRY(TEMA) ENTRY(TRIX) ENTRY(KAMA) ENTRY(TRIMA)
  ENTRY(RSI) ENTRY(CMO) ENTRY(MACD) ENTRY(BBANDS) ENTRY(STDDEV) ENTRY(ATR) ENTRY(ADX) ENTRY(PLUS_DI)
  ENTRY(STOCH) ENTRY(STOCHRSI) ENTRY(CCI) ENTRY(WILLR) ENTRY(AROON) ENTRY(SAR) ENTRY(OBV) ENTRY(AD)
  ENTRY(ADOSC) ENTRY(MFI) ENTRY(ULTOSC) ENTRY(ROC) ENTRY(LINEARREG) ENTRY(CORREL) ENTRY(MIN) ENTRY(MAX)
};

static double *column(napi_env env, napi_value array, uint32_t at, size_t *length) {
  napi_value item;
  napi_typedarray_type type;
  void *data = NULL;
  if (napi_get_element(env, array, at, &item) != napi_ok) return NULL;
  if (napi_get_typedarray_info(env, item, &type, length, &data, NULL, NULL) != napi_ok) return NULL;
  return type == napi_float64_array ? data : NULL;
}

static napi_value call(napi_env env, napi_callback_info info) {
  size_t argc = 4, length = 0, rows = 0;
  napi_value argv[4];
  char name[32];
  double parameters[MOST_PARAMETERS] = {0};
  uint32_t outputs = 0, given = 0;
  Call c = {0};
  napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
  if (argc != 4 || napi_get_value_string_utf8(env, argv[0], name, sizeof name, NULL) != napi_ok) {
    napi_throw_type_error(env, NULL, "call(name, bars, parameters, outputs)");
    return NULL;
  }
  const double **bars[] = {&c.open, &c.high, &c.low, &c.close, &c.volume};
  for (uint32_t at = 0; at < 5; at++) *bars[at] = column(env, argv[1], at, &rows);
  napi_get_array_length(env, argv[2], &given);
  for (uint32_t at = 0; at < given && at < MOST_PARAMETERS; at++) {
    napi_value item;
    napi_get_element(env, argv[2], at, &item);
    napi_get_value_double(env, item, &parameters[at]);
  }
  napi_get_array_length(env, argv[3], &outputs);
  for (uint32_t at = 0; at < outputs && at < MOST_OUTPUTS; at++) {
    c.out[at] = column(env, argv[3], at, &length);
    if (c.out[at] == NULL || length < rows) {
      napi_throw_range_error(env, NULL, "outputs must be as long as the bars");
      return NULL;
    }
  }
  c.p = parameters;
  c.end = (int)rows - 1;
  for (size_t at = 0; at < sizeof functions / sizeof *functions; at++) {
    if (strcmp(functions[at].name, name) != 0) continue;
    if (functions[at].function(&c) != TA_SUCCESS) napi_throw_error(env, NULL, "TA-Lib refused");
    return NULL;
  }
  napi_throw_error(env, NULL, "no such function");
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_value function;
  TA_Initialize();
  napi_create_function(env, "call", NAPI_AUTO_LENGTH, call, NULL, &function);
  napi_set_named_property(env, exports, "call", function);
  return exports;
}
