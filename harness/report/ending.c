#include "report/ending.h"

#include "report/health_text.h"
#include "report/text.h"

/* "34 blocks", "3 of 34 blocks changed since main (1a2b3c4)", "9 of 34 blocks in shard 1/4". */
static void print_blocks(FILE *out, const ReportSummary *summary) {
  gboolean is_part = summary->selection != NULL || summary->shard.count > 0;
  guint all = summary->ledger.blocks + summary->left_out;
  g_autofree gchar *blocks = text_count(is_part ? all : summary->ledger.blocks, "block");
  if (!is_part) {
    fprintf(out, "%s", blocks);
    return;
  }
  fprintf(out, "%u of %s", summary->ledger.blocks, blocks);
  if (summary->selection != NULL) {
    g_autofree gchar *selection = text_one_line(summary->selection, -1, 0);
    fprintf(out, " %s", selection);
  }
  if (summary->shard.count > 0)
    fprintf(out, "%s in shard %u/%u", summary->selection != NULL ? "," : "", summary->shard.index,
            summary->shard.count);
  if (summary->ledger.blocks == 0)
    fprintf(out, ": nothing to run");
}

static void print_ledger(FILE *out, const ReportSummary *summary) {
  const Ledger *ledger = &summary->ledger;
  print_blocks(out, summary);
  const gchar *separator = ": ";
  for (guint class = 0; class < VERDICT_CLASSES; class ++) {
    if (ledger->classes[class] == 0)
      continue;
    fprintf(out, "%s%u %s", separator, ledger->classes[class], verdict_class_name(class));
    separator = ", ";
  }
  fputc('\n', out);
}

static void print_claims(FILE *out, const Ledger *ledger) {
  guint claims = ledger->held + ledger->contradicted + ledger->unchecked;
  if (claims == 0)
    return;
  g_autofree gchar *count = text_count(claims, "claim");
  fprintf(out, "%s", count);
  const gchar *separator = ": ";
  if (ledger->held > 0) {
    fprintf(out, "%s%u %s", separator, ledger->held, ledger->held == 1 ? "holds" : "hold");
    separator = ", ";
  }
  if (ledger->contradicted > 0) {
    fprintf(out, "%s%u contradicted", separator, ledger->contradicted);
    separator = ", ";
  }
  if (ledger->unchecked > 0)
    fprintf(out, "%s%u could not be checked", separator, ledger->unchecked);
  fputc('\n', out);
}

/* What was run for all this, and how long it took. */
static void print_effort(FILE *out, const ReportSummary *summary) {
  const Ledger *ledger = &summary->ledger;
  if (summary->python == NULL || ledger->blocks == 0)
    return;
  guint unfinished = summary->unfinished != NULL ? summary->unfinished->len : 0;
  guint rest = summary->known + unfinished + ledger->classes[VERDICT_SKIPPED];
  guint run = ledger->blocks > rest ? ledger->blocks - rest : 0;
  g_autofree gchar *workers = text_count(summary->lanes, "worker");
  if (summary->known > 0 && run == 0 && unfinished == 0) {
    fprintf(out, "nothing was run: all results are known; %.2f s, Python %s\n", summary->seconds,
            summary->python);
    return;
  }
  if (summary->known > 0) {
    g_autofree gchar *blocks = text_count(run, "block");
    g_autofree gchar *results = text_count(summary->known, "result");
    fprintf(out, "%s %s run, %s %s known; ", blocks, run == 1 ? "was" : "were", results,
            summary->known == 1 ? "is" : "are");
  }
  if (summary->shards > 0)
    fprintf(out, "%.1f s for the longest of %u shards, Python %s\n", summary->seconds,
            summary->shards, summary->python);
  else
    fprintf(out, "%.1f s on %s, Python %s\n", summary->seconds, workers, summary->python);
}

/* Where only a part of the bank was asked for, its state is not what somebody wants to know. */
static void print_health(FILE *out, const ReportSummary *summary) {
  if (summary->health == NULL || summary->selection != NULL || summary->shard.count > 0)
    return;
  g_autofree gchar *text = health_text(summary->health);
  fputs(text, out);
}

void ending_print(FILE *out, const ReportSummary *summary, guint sessions, const gchar *fixtures) {
  print_ledger(out, summary);
  if (sessions > 0)
    fprintf(out, "%u ran after earlier blocks\n", sessions);
  fputs(fixtures, out);
  print_claims(out, &summary->ledger);
  print_health(out, summary);
  print_effort(out, summary);
}
