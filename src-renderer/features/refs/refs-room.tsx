import { EmptyState } from '../../ui/empty-state.tsx';

export function RefsRoom() {
  return <EmptyState headline="Refs" />;
}
