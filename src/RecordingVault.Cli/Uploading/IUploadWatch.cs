namespace RecordingVault.Cli.Uploading;

/// <summary>Who looks on while files are sent.</summary>
internal interface IUploadWatch
{
    /// <param name="resumedAt">Bytes that were safe in the vault before; 0 for a new upload.</param>
    void Begin(LocalFile file, long resumedAt);

    /// <param name="offset">Bytes that have left, or after a cut those that are safe: it can go back.</param>
    void At(long offset);

    /// <summary>Something that the person should know; one sentence, safe to show.</summary>
    void Say(string sentence);
}
