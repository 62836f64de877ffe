/**
 * The order of files where no earlier run has measured them: the runner takes the largest first, which the longest is not.
 * One that begins last would be waited for alone.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const longest = [
  /overnight-batch\.test\.ts$/,
  /io-errors\.test\.ts$/,
  /kill-each-write\.test\.ts$/,
  /fault\/model\.test\.ts$/,
  /kill-batch\.test\.ts$/,
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((pattern) => pattern.test(moduleId));
      return index < 0 ? longest.length : index;
    };
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => group(a) - group(b) || place(a) - place(b));
  }
}
