import { readFileSync } from 'node:fs';
import { expect } from 'chai';

import { onlineChangePoints, pelt } from '#conclave/fastcalc/index.js';
import { sharedData } from '../../support/shared-data.js';
import { coverOf, f1Of } from './segmentation-scores.js';

/** One series a file; two of the 17 have two columns or gaps and are left out. */
const SERIES = [
  'bank',
  'centralia',
  'co2_canada',
  'construction',
  'debt_ireland',
  'gdp_croatia',
  'gdp_japan',
  'global_co2',
  'homeruns',
  'lga_passengers',
  'nile',
  'quality_control_1',
  'quality_control_3',
  'quality_control_5',
  'shanghai_license',
];

type Annotations = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
type Detector = (values: Float64Array) => readonly number[];

/** Mean F1 and cover over all series, as the Turing Change Point Dataset scores them. */
function scores(annotations: Annotations, folder: string, detect: Detector): { f1: number; cover: number } {
  const sum = { f1: 0, cover: 0 };
  for (const name of SERIES) {
    const values = standardised(read(`${folder}/${name}.json`));
    const truths = Object.values(annotations[name] ?? {});
    const found = detect(values);
    sum.f1 += f1Of(truths, found) / SERIES.length;
    sum.cover += coverOf(truths, found, values.length) / SERIES.length;
  }
  return sum;
}

/** Mean of one column of the published scores over the same series. */
function published(path: string, column: number): number {
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split(','));
  const cells = SERIES.map((name) => Number(rows.find((row) => row[0] === name)?.[column]));
  return cells.reduce((sum, v) => sum + v, 0) / cells.length;
}

/** One row's worth of the standardised series itself. */
const PRIOR = { meanRun: 200, mean: 0, meanWeight: 1, shape: 1, scale: 1 };

describe('change points of the Turing Change Point Dataset (needs tcpd)', () => {
  const annotated = sharedData('tcpd/annotations.json');
  const folder = sharedData('tcpd/datasets');
  const facts = sharedData('tcpd/published_default_scores.csv');

  it('PELT with one penalty for all series is as good as the published default', function () {
    if (annotated === undefined || folder === undefined || facts === undefined) return this.skip();
    const annotations = JSON.parse(readFileSync(annotated, 'utf8')) as Annotations;
    const found = scores(annotations, folder, (values) => [
      ...pelt(values, { cost: 'mean', penalty: 4 * Math.log(values.length) }),
    ]);
    // Columns: cover of six methods in alphabetical order, then F1; the third is BOCPD, the fourth PELT.
    expect(found.cover).to.be.at.least(published(facts, 4));
    expect(found.f1).to.be.at.least(published(facts, 10));
  });

  it('the online change points with their plain prior are as good as the published default', function () {
    if (annotated === undefined || folder === undefined || facts === undefined) return this.skip();
    const annotations = JSON.parse(readFileSync(annotated, 'utf8')) as Annotations;
    const found = scores(annotations, folder, (values) => [
      ...onlineChangePoints(values, { prior: PRIOR }).changes,
    ]);
    expect(found.cover).to.be.at.least(published(facts, 3));
    expect(found.f1).to.be.at.least(published(facts, 9));
  });
});

function read(path: string): Float64Array {
  const file = JSON.parse(readFileSync(path, 'utf8')) as { series: readonly [{ raw: readonly number[] }] };
  return Float64Array.from(file.series[0].raw);
}

function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
  return values.map((v) => (v - mean) / spread);
}
