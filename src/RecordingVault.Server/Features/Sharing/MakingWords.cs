namespace RecordingVault.Server.Features.Sharing;

/// <summary>Why nothing could be made of a file, as a sentence for its owner. The words for it are processing's own (docs/processing.md).</summary>
internal static class MakingWords
{
    public static string Of(string failure) => failure switch
    {
        "not-media" => "No film and no sound were found in it. If it plays on your machine, upload it again: it may have been changed on the way here.",
        "picture-too-large" => "Its picture is larger than 8192 by 8192 pixels. Export it smaller and upload that.",
        "too-long" => "It says that it lasts longer than a week. Export it anew and upload that.",
        "too-much-work" => "It took more time or memory than a recording of its length may. Export it as MP4 (H.264) and upload that.",
        "given-up" => "It was tried six times and the machine failed each time, which says nothing of the file. Ask whoever runs this vault to look at it, and try again then.",
        "broken-file" => "It breaks off or is damaged. If the meeting's service still has it, fetch it again and upload that.",
        "no-picture" => "It holds no picture to draw on. Take the mark away, and the link plays its sound.",
        _ => "It could not be read.",
    };
}
