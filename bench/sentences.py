"""A hundred English sentences of our own for reading aloud and writing down again, and a fair normaliser for both."""

from __future__ import annotations

import re
import unicodedata

SENTENCES = (
    # Everyday
    "Please close the window before you leave the room.",
    "My brother is cooking soup for the whole family tonight.",
    "I cannot find my keys anywhere in the house.",
    "The children were playing in the garden when it started to rain.",
    "We should buy some bread and milk on the way home.",
    "She has been learning the piano for almost a year.",
    "There is a small park behind the railway station.",
    "He always forgets to charge his phone at night.",
    "The coffee in this place is better than the coffee at work.",
    "Nobody told me that the meeting had been moved.",
    "I would rather walk than wait for another bus.",
    "The neighbours are painting their front door green.",
    "You can leave your coat on the chair in the hall.",
    "Our cat sleeps all day and runs around all night.",
    "The doctor said that I should drink more water.",
    # Questions and requests
    "Could you turn the music down a little, please?",
    "What time does the library close on Saturdays?",
    "Have you ever seen snow in the middle of summer?",
    "Would you like to come with us to the market?",
    "How long does it take to fly from London to New York?",
    "Why did you decide to study history?",
    "Can you make this recording louder and remove the noise?",
    "Which of these two pictures do you like better?",
    "Where did I put the book that you gave me?",
    "Is there a pharmacy near here that is open late?",
    "Do you know who wrote this song?",
    "Could you read the last paragraph once more, a bit slower?",
    "When will the results of the exam be announced?",
    "May I borrow your pen for a moment?",
    "Did anyone call while I was out?",
    # Numbers, money, measures
    "The ticket costs 12 dollars and the tour takes 3 hours.",
    "There are 365 days in a normal year.",
    "Our new office is on the 14th floor.",
    "The recipe needs 250 grams of flour and 2 eggs.",
    "About 40 people came to the concert last night.",
    "The bridge is nearly 2000 metres long.",
    "He ran the race in under 4 minutes.",
    "She paid $45 for the shoes and $20 for the bag.",
    "The temperature will reach 31 degrees tomorrow.",
    "Only 7 of the 20 questions were difficult.",
    "The population of the town has grown by 15 percent.",
    "Page 96 is missing from my copy of the book.",
    "The car used 6 litres of fuel for 100 kilometres.",
    "I have told you 1000 times not to do that.",
    "The second half of the match was much better than the first.",
    # Dates and times
    "The shop opens at 9 in the morning and closes at 6.",
    "My birthday is on the 3rd of May.",
    "The war ended in 1945, and the city was rebuilt.",
    "Let us meet on Tuesday at half past two.",
    "The train to Oxford leaves at 8:15.",
    "She was born in 1987 in a village by the sea.",
    "The festival takes place every year in August.",
    "Winter begins in December and ends in March.",
    "The next bus comes at 10:30, so we have time.",
    "On Monday, January 5th, the school will be closed.",
    # Names and places
    "Doctor Miller lives in a small house near Boston.",
    "Anna and Peter are travelling through Canada this summer.",
    "The river Thames flows through the middle of London.",
    "Mr. Brown teaches mathematics at a school in Chicago.",
    "Mary sent a postcard from Sydney to her aunt in Paris.",
    "David wants to see the mountains of Switzerland.",
    "The capital of Japan is Tokyo.",
    "Sarah and Tom got married in Italy last September.",
    "Mrs. Green has a garden full of roses.",
    "Robert drove from Texas to California in two days.",
    # Science, technology, work
    "Water boils at a lower temperature on top of a mountain.",
    "The moon has no light of its own.",
    "Plants turn sunlight into sugar and oxygen.",
    "A computer can only do what it has been told to do.",
    "The battery of my laptop lasts for five hours.",
    "Scientists have discovered a new kind of frog in the forest.",
    "The heart pumps blood through the whole body.",
    "Please send me the report before the end of the week.",
    "The company plans to open three new stores next year.",
    "Sound travels faster in water than in air.",
    "Most of the energy in this town comes from the wind.",
    "The printer is out of paper again.",
    "We recorded the interview with two microphones.",
    "The update fixed the problem with the camera.",
    "Iron is heavier than wood, but it can float in the shape of a ship.",
    # Longer ones
    "When the lights went out, everybody in the theatre sat still and waited for somebody to explain what happened.",
    "If you follow this path along the river for an hour, you will come to an old stone bridge and a little church.",
    "She opened the letter slowly, read it twice, and then put it back into the envelope without saying a word.",
    "Although the weather forecast had promised sunshine, it rained from early morning until late in the evening.",
    "The old man sat on the bench in front of his house and watched the boats come back to the harbour.",
    "I was about to give up when my sister found the missing piece of the puzzle under the sofa.",
    "They talked about music, films, and football until the waiter told them that the restaurant was closing.",
    "In my opinion, the best part of a long journey is the moment when you see your own front door again.",
    "The teacher explained the problem three times, but half of the class still did not understand it.",
    "As soon as the snow melts, the farmers will begin to prepare their fields for the spring.",
    # Feeling and speech
    "What a beautiful morning this is!",
    "I am so sorry that I kept you waiting.",
    "Be careful, the plate is very hot!",
    "Thank you very much for all your help.",
    "That was the funniest story I have heard in a long time.",
    "Never mind, we can try again tomorrow.",
    "Good luck with your driving test!",
    "I really miss the smell of fresh bread in the morning.",
    "Well done, you have finished the whole thing.",
    "Happy birthday, and many happy returns of the day.",
)

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_DECADES = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _UNITS.split(), _DECADES.split()
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_SAME = {
    "mr": "mister", "mrs": "missus", "dr": "doctor", "ok": "okay", "theater": "theatre", "neighbors": "neighbours",
    "harbor": "harbour", "liters": "litres", "meters": "metres", "kilometers": "kilometres", "traveling": "travelling",
    "center": "centre", "color": "colour", "km": "kilometres", "kilometer": "kilometre",
}  # fmt: skip
"""Spellings and short forms of one and the same spoken word."""


def normalise(text: str) -> str:
    """Lower-case words as they are spoken: digits, money, times and per cent in words, no punctuation.

    It maps different writings of the same sounds onto each other and nothing else, so that every wrong word counts.
    """
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\$(\d+)", r"\1 dollars", text)
    text = re.sub(r"(\d)\s*%", r"\1 percent", text)
    text = re.sub(r"(\d)\s*°", r"\1 degrees", text).replace("per cent", "percent")
    text = re.sub(r"\b(\d{1,2}):(\d\d)\b", _time, text)
    text = re.sub(r"\b(1[1-9]|20)(\d\d)\b", _year, text)
    text = re.sub(r"(\d+)(st|nd|rd|th)\b", lambda m: _ordinal(int(m[1])), text)
    text = re.sub(r"\d+", lambda m: _number(int(m[0])), text)
    words = re.findall(r"[a-z]+(?:'[a-z]+)*", text.replace("-", " "))
    return " ".join(_SAME.get(word, word) for word in words)


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    return f"{_number(hour)} {_number(minute) if minute else ''}"


def _year(match: re.Match[str]) -> str:
    """1945 is nineteen forty five; round thousands stay numbers."""
    century, rest = int(match[1]), int(match[2])
    if match[0].endswith("00") or 2000 <= int(match[0]) < 2010:
        return _number(int(match[0]))
    return f"{_number(century)} {_number(rest)}"


def _ordinal(value: int) -> str:
    *before, last = _number(value).split()
    if last.endswith("y"):
        return " ".join([*before, f"{last[:-1]}ieth"])
    return " ".join([*before, _ORDINALS.get(last, f"{last}th")])


def _number(value: int) -> str:
    """Up to 999,999, without "and" and hyphens."""
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10] + (f" {_ONES[value % 10]}" if value % 10 else "")
    if value < 1000:
        return f"{_ONES[value // 100]} hundred" + (f" {_number(value % 100)}" if value % 100 else "")
    return f"{_number(value // 1000)} thousand" + (f" {_number(value % 1000)}" if value % 1000 else "")
