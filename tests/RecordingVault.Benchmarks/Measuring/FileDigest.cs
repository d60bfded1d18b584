using System.Security.Cryptography;

namespace RecordingVault.Benchmarks.Measuring;

internal static class FileDigest
{
    private const int ReadLength = 1024 * 1024;

    /// <summary>SHA-256 over the files as if they were one.</summary>
    public static string Of(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = new byte[ReadLength];
        foreach (var file in files)
        {
            using var handle = File.OpenHandle(file);
            long offset = 0;
            for (int count; (count = RandomAccess.Read(handle, bytes, offset)) > 0; offset += count)
                hash.AppendData(bytes, 0, count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
