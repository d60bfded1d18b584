namespace RecordingVault.Server.Features.Processing.Media;

/// <summary>Why nothing more can be made of a file. Each has a sentence for its owner (<see cref="MediaFailures"/>).</summary>
internal enum MediaFailure
{
    /// <summary>ffmpeg finds no film and no sound in it.</summary>
    NotMedia,

    /// <summary>Its pictures are larger than any camera makes.</summary>
    TooLarge,

    /// <summary>It says that it lasts for longer than a week.</summary>
    TooLong,

    /// <summary>It took more time or memory than a file of its length may.</summary>
    TooMuchWork,

    /// <summary>It ends, or breaks, before its end.</summary>
    Broken,

    /// <summary>It holds no picture to draw on.</summary>
    NoPicture,
}

/// <summary>Nothing more can be made of this file, here or anywhere: trying again changes nothing.</summary>
internal sealed class MediaFailedException(MediaFailure failure) : Exception($"The file can't be processed: {failure}.")
{
    public MediaFailure Failure { get; } = failure;
}

/// <summary>The machine could not: tools, sandbox or store. It says nothing of the file, and the job is tried again.</summary>
internal sealed class SandboxFailedException(string message, Exception? inner = null) : Exception(message, inner);

internal static class MediaFailures
{
    /// <summary>The word for it in rows and answers.</summary>
    public static string Slug(this MediaFailure failure) => failure switch
    {
        MediaFailure.NotMedia => "not-media",
        MediaFailure.TooLarge => "picture-too-large",
        MediaFailure.TooLong => "too-long",
        MediaFailure.TooMuchWork => "too-much-work",
        MediaFailure.Broken => "broken-file",
        MediaFailure.NoPicture => "no-picture",
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };
}
