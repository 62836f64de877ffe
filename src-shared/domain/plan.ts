import { z } from 'zod';
import { episodeIdSchema, shotIdSchema, slugSchema } from './ids.ts';
import { namePlanSlots } from './plan-refs.ts';

/** How a shot is framed. */
export const shotTypes = [
  'establishing',
  'wide',
  'medium',
  'close_up',
  'extreme_close_up',
  'two_shot',
  'over_shoulder',
  'insert',
  'complex',
] as const;
export const shotTypeSchema = z.enum(shotTypes);
export type ShotType = z.infer<typeof shotTypeSchema>;

/** `<kind>/<view>`: one slot of a character, location or prop, for example `identity/front`. */
const slotNameSchema = z
  .string()
  .regex(/^[a-z0-9_-]{1,40}\/[a-z0-9_-]{1,40}$/, 'a slot is <kind>/<view> in lower case, for example identity/front');

const line = z.string().default('');

const promptSkeletonSchema = z.strictObject({
  compiled_prompt: line,
  scene_line: line,
  subject_line: line,
  action_line: line,
  camera_line: line,
  lighting_line: line,
});

const planCharacterSchema = z.strictObject({
  character_id: slugSchema,
  wardrobe_phase: z.string().optional(),
  hero_slot: slotNameSchema,
  expression_slots: z.array(slotNameSchema).default([]),
});

export const planShotSchema = z.strictObject({
  shot_id: shotIdSchema,
  scene_id: slugSchema,
  prompt_data: z.strictObject({
    shot_type: shotTypeSchema,
    description: line,
    prompt_skeleton: promptSkeletonSchema,
    negative_prompt: line,
  }),
  routing_data: z.strictObject({
    pipeline: z.enum(['i2v', 't2v', 'r2v', 'keyframe', 'still', 'video']),
    /** seconds */
    duration: z.number().positive().max(60).default(5),
  }),
  asset_data: z.strictObject({
    characters: z.array(planCharacterSchema).default([]),
    location_id: slugSchema.nullable().default(null),
    location_slot: slotNameSchema.nullable().default(null),
    props: z.array(z.strictObject({ prop_id: slugSchema, slot: slotNameSchema })).default([]),
  }),
  dialogue: z.array(z.strictObject({ character_id: slugSchema, line: z.string() })).default([]),
});
export type PlanShot = z.infer<typeof planShotSchema>;

const planShape = z
  .strictObject({
    schema_version: z.literal('circletake.plan.v1'),
    episode_id: episodeIdSchema,
    title: z.string(),
    scenes: z.array(z.strictObject({ scene_id: slugSchema, heading: z.string(), summary: line })),
    shots: z.array(planShotSchema).min(1, 'a plan needs at least one shot'),
  })
  .superRefine((plan, context) => {
    const seen = new Set<string>();
    const scenes = new Set(plan.scenes.map((scene) => scene.scene_id));
    plan.shots.forEach((shot, index) => {
      const at = (field: string) => ['shots', index, field];
      if (seen.has(shot.shot_id)) {
        context.addIssue({ code: 'custom', path: at('shot_id'), message: `${shot.shot_id} is listed twice` });
      }
      seen.add(shot.shot_id);
      if (!shot.shot_id.startsWith(`${plan.episode_id}_`)) {
        context.addIssue({ code: 'custom', path: at('shot_id'), message: `not a shot of ${plan.episode_id}` });
      }
      if (!scenes.has(shot.scene_id)) {
        context.addIssue({ code: 'custom', path: at('scene_id'), message: `no scene ${shot.scene_id} in this plan` });
      }
    });
  });
/** `plans/ep_NNN_plan.json`: an episode's shots in story order. Refs are named by slot, or by a path into their pool. */
export const planFileSchema = z.preprocess(namePlanSlots, planShape);
export type PlanFile = z.infer<typeof planFileSchema>;

/** Keyframe prompt: compiled prompt, else the five lines joined, else the description; empty when all are. */
export function keyframePrompt(shot: PlanShot): string {
  const skeleton = shot.prompt_data.prompt_skeleton;
  if (skeleton.compiled_prompt.trim()) return skeleton.compiled_prompt.trim();
  const lines = [
    skeleton.scene_line,
    skeleton.subject_line,
    skeleton.action_line,
    skeleton.camera_line,
    skeleton.lighting_line,
  ];
  return joinLines(lines) || shot.prompt_data.description.trim();
}

/** Video prompt: action and camera lines, else the description; empty when all are. */
export function videoPrompt(shot: PlanShot): string {
  const skeleton = shot.prompt_data.prompt_skeleton;
  return joinLines([skeleton.action_line, skeleton.camera_line]) || shot.prompt_data.description.trim();
}

function joinLines(lines: string[]): string {
  return lines
    .map((text) => text.trim())
    .filter(Boolean)
    .join(' ');
}
