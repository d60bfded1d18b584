using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>A store that answers and says no: it keeps objects for a set time, or the vault may not delete there. Trying again at once changes nothing.</summary>
internal static class StoreRefusals
{
    public static bool Is(Exception fault) => fault is ObjectStoreException { Failure: StoreFailure.Refused } or UnauthorizedAccessException;
}
