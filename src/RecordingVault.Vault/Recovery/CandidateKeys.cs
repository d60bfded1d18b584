using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Recovery;

/// <summary>Keys that are wiped together.</summary>
internal sealed class CandidateKeyList<TKey> : IDisposable where TKey : SecretKey
{
    public List<TKey> Keys { get; } = [];

    public void Dispose()
    {
        foreach (var key in Keys) key.Dispose();
    }
}

/// <summary>The keys that one owner's objects may be sealed under: one, but for the time of a replacement.</summary>
internal sealed class CandidateKeys(CandidateKeyList<OwnerKey> list) : IDisposable
{
    /// <summary>Tries one key after the other as long as the commitment says that it is another one. Nothing was released then.</summary>
    public async Task<T> TryEachAsync<T>(Func<OwnerKey, Task<T>> open)
    {
        foreach (var key in list.Keys.SkipLast(1))
        {
            try
            {
                return await open(key);
            }
            catch (SealedFormatException problem) when (problem.Failure == FormatFailure.WrongKey)
            {
                // The next one, then.
            }
        }
        return await open(list.Keys[^1]);
    }

    public void Dispose() => list.Dispose();
}
