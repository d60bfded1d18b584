namespace RecordingVault.Vault;

/// <summary>
/// Exact-size pinned buffers that are used again. Whoever returns one has wiped what was readable in it: shared array pools round sizes up, keep
/// what was in them, and large arrays made for each request cost a third of the speed.
/// </summary>
internal sealed class PinnedPool(int lengthInBytes, int maxIdle)
{
    private readonly byte[]?[] idle = new byte[maxIdle][];
    private readonly Lock gate = new();
    private int count;

    public byte[] Rent()
    {
        lock (gate)
        {
            if (count > 0)
            {
                var buffer = idle[--count]!;
                idle[count] = null;
                return buffer;
            }
        }
        return GC.AllocateUninitializedArray<byte>(lengthInBytes, pinned: true);
    }

    public void Return(byte[] buffer)
    {
        lock (gate)
        {
            if (count < idle.Length) idle[count++] = buffer;
        }
    }
}
