import type { LearningServices } from '../api/studio-services.ts';
import type { LearningEngine } from '../learning/learning-engine.ts';
import type { SharedLearnings } from '../learning/shared-learnings.ts';

/** What rooms and scripts ask of learning. */
export function createLearningServices(engine: LearningEngine, shared: SharedLearnings): LearningServices {
  const view = async () => ({ findings: await shared.findings(), displayPath: shared.path });
  return {
    report: () => engine.report(),
    shared: view,
    async share() {
      const added = await engine.share();
      return { added, shared: await view() };
    },
    flush: () => engine.flush(),
  };
}
