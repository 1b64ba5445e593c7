// Carries out changes of budgets that were approved, one after the other.
import { metaAPI } from '../meta';
import { markChangeExecuted, markChangeFailed, PendingChange } from '../changes';

export async function executePendingChanges(pendingChanges: PendingChange[]): Promise<void> {
  for (const change of pendingChanges) {
    try {
      await metaAPI.updateAdBudget(change.ad_id, change.budget);
      await markChangeExecuted(change.id);
    } catch (error) {
      await markChangeFailed(change.id, error);
    }
  }
}
