using System.Globalization;
using RecordingVault.Cli.Account;

namespace RecordingVault.Cli.Uploading;

/// <summary>What is remembered of one unfinished upload between two runs: the id that the vault gave it. Two runs can't send the same file at once.</summary>
internal static class UploadMemory
{
    /// <param name="recordingId">The recording that the file is to join, where one was named.</param>
    public static RememberedId Open(Uri vault, LocalFile file, Guid? recordingId, bool fresh)
    {
        var memory = RememberedId.Open(
            PrivateFolder.OfUploads, string.Create(CultureInfo.InvariantCulture, $"{vault}\0{recordingId}\0{file.Place}\0{file.Length}\0{file.Modified.UtcTicks}"),
            $"Another `vault upload` sends {Output.ShownText.Of(file.Shown)} just now.");
        if (fresh) memory.Id = null;
        return memory;
    }

    /// <summary>Removes what nobody came back for.</summary>
    public static void Sweep(TimeProvider time) => RememberedId.Sweep(PrivateFolder.OfUploads, time);
}
