// A text field with line numbers and marked ranges. Only the visible lines are drawn, so that long
// texts stay fast; the marks lie behind the text, in lines that repeat it invisibly.

const SEVERITIES = ["violation", "warning", "info"];
const LONGEST = 5000; // characters of a line in which marks are drawn
const MANY = 300; // lines; browsers take seconds to insert more in a way that can be undone
const FEW = 30; // lines within which changes are made as one step

// Whether a text has so many lines that inserting it cannot be undone.
export function isLong(text) {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0 && lines <= MANY; at = text.indexOf("\n", at + 1)) {
    lines++;
  }
  return lines > MANY;
}

export class Editor {
  #marks = [];
  #starts = [0];

  constructor(field, { onChange, onLine }) {
    this.field = field;
    this.rows = document.createElement("div");
    this.rows.className = "rows";
    this.numbers = document.createElement("div");
    this.numbers.className = "line-numbers";
    const gutter = document.createElement("div");
    const behind = document.createElement("div");
    gutter.className = "gutter";
    behind.className = "behind";
    gutter.ariaHidden = behind.ariaHidden = "true";
    gutter.append(this.numbers);
    behind.append(this.rows);
    field.before(behind);
    field.after(gutter);
    field.parentElement.classList.add("numbered");
    const style = getComputedStyle(field);
    this.lineHeight = parseFloat(style.lineHeight);
    this.top = parseFloat(style.paddingTop);
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.font = style.font;
    this.columnWidth = canvas.measureText("0").width;
    this.#read();
    field.addEventListener("input", () => {
      const before = this.text;
      this.#read();
      this.#shift(before);
      this.draw();
      if (!this.changing) onChange();
    });
    this.onChange = onChange;
    field.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain");
      if (this.text || !isLong(text)) return;
      event.preventDefault();
      this.replace(0, 0, text.replace(/\r\n?/g, "\n"));
    });
    field.addEventListener("scroll", () => this.draw(), { passive: true });
    field.addEventListener("click", () => {
      if (field.selectionStart === field.selectionEnd) onLine(this.lineAt(field.selectionStart));
    });
    gutter.addEventListener("click", (event) => {
      const number = Number(event.target.dataset.line);
      if (number) onLine(number, true);
    });
    new ResizeObserver(() => this.draw()).observe(field);
  }

  // The ranges to mark: objects with start, end and severity; they move with the text.
  set marks(marks) {
    this.#marks = marks;
    this.draw();
  }

  #read() {
    this.text = this.field.value;
    this.#starts = [0];
    for (let at = this.text.indexOf("\n"); at >= 0; at = this.text.indexOf("\n", at + 1)) {
      this.#starts.push(at + 1);
    }
  }

  // Move the marks and their edits behind a change; those within it are lost until the next report.
  #shift(before) {
    const after = this.text;
    const most = Math.min(before.length, after.length);
    let start = 0;
    while (start < most && before[start] === after[start]) start++;
    let same = 0;
    while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same++;
    const end = before.length - same;
    const longer = after.length - before.length;
    const move = (range) => {
      if (range.end <= start) return true;
      if (range.start < end) return false;
      range.start += longer;
      range.end += longer;
      return true;
    };
    for (const mark of this.#marks) {
      if (!move(mark)) mark.end = mark.start = Math.min(mark.start, start);
      if (!mark.edits.map(move).every(Boolean)) mark.edits = [];
    }
  }

  lineAt(offset) {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  startOf(line) {
    return this.#starts[Math.min(line, this.#starts.length) - 1];
  }

  endOf(line) {
    return line < this.#starts.length ? this.#starts[line] - 1 : this.text.length;
  }

  // Select a range and bring its line into view.
  select(start, end) {
    const { field } = this;
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, end);
    const line = this.lineAt(start);
    const y = (line - 1) * this.lineHeight;
    if (y < field.scrollTop || y > field.scrollTop + field.clientHeight - 3 * this.lineHeight) {
      field.scrollTop = Math.max(0, y - field.clientHeight / 3);
    }
    const x = (start - this.startOf(line)) * this.columnWidth;
    if (x < field.scrollLeft || x > field.scrollLeft + field.clientWidth - 12 * this.columnWidth) {
      field.scrollLeft = Math.max(0, x - field.clientWidth / 3);
    }
    const { top, bottom } = field.getBoundingClientRect();
    if (bottom < this.lineHeight * 4 || top > innerHeight - this.lineHeight * 4) {
      field.scrollIntoView({ block: "center" });
    }
    this.draw();
  }

  // Make changes of the text that can be undone, in one step if they are near to each other. Of
  // overlapping changes, only the first is made.
  change(edits) {
    const made = [];
    let end = -1;
    for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
      if (edit.start >= end || (edit.start === edit.end && edit.start === end)) {
        made.push({ ...edit });
        end = edit.end;
      }
    }
    if (!made.length) return;
    const [first, last] = [made[0].start, made.at(-1).end];
    const place = { scrollTop: this.field.scrollTop, scrollLeft: this.field.scrollLeft };
    this.changing = true;
    if (this.lineAt(last) - this.lineAt(first) <= FEW) {
      let text = "";
      let at = first;
      for (const edit of made) {
        text += this.text.slice(at, edit.start) + edit.text;
        at = edit.end;
      }
      this.replace(first, last, text, place);
    } else {
      for (const edit of made.reverse()) this.replace(edit.start, edit.end, edit.text, place);
    }
    this.changing = false;
    this.onChange();
  }

  // Replace a range, and show what was shown before, or a given place.
  replace(start, end, text, { scrollTop, scrollLeft } = this.field) {
    const { field } = this;
    if (start === end && !text) return;
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, end);
    const long = isLong(text) || isLong(this.text.slice(start, end));
    if (long || !document.execCommand(text ? "insertText" : "delete", false, text)) {
      field.setRangeText(text, start, end, "end");
      field.dispatchEvent(new Event("input"));
    }
    requestAnimationFrame(() => field.scrollTo(scrollLeft, scrollTop)); // it shows the caret first
  }

  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.#draw();
    });
  }

  #draw() {
    const { scrollTop, scrollLeft, clientHeight } = this.field;
    const first = Math.max(0, Math.floor((scrollTop - this.top) / this.lineHeight));
    const last = Math.min(this.#starts.length, first + Math.ceil(clientHeight / this.lineHeight) + 2);
    const worst = new Map();
    for (const mark of this.#marks) {
      const line = this.lineAt(mark.start);
      if (line <= first || line > last) continue;
      const known = worst.get(line);
      if (!known || SEVERITIES.indexOf(mark.severity) < SEVERITIES.indexOf(known)) {
        worst.set(line, mark.severity);
      }
    }
    const rows = [];
    const numbers = [];
    for (let line = first + 1; line <= last; line++) {
      const row = document.createElement("div");
      this.#fill(row, this.startOf(line), this.endOf(line));
      const number = document.createElement("div");
      number.textContent = line;
      if (worst.has(line)) {
        row.className = number.className = worst.get(line);
        number.dataset.line = line;
      }
      rows.push(row);
      numbers.push(number);
    }
    this.rows.replaceChildren(...rows);
    this.numbers.replaceChildren(...numbers);
    const y = this.top + first * this.lineHeight - scrollTop;
    this.rows.style.transform = `translate(${-scrollLeft}px, ${y}px)`;
    this.numbers.style.transform = `translateY(${y}px)`;
  }

  #fill(row, start, end) {
    const text = this.text.slice(start, Math.min(end, start + LONGEST));
    const ranges = this.#marks.filter((mark) => mark.start <= end && mark.end > start);
    if (!ranges.length) return;
    const bounds = ranges.flatMap((range) => [range.start - start, range.end - start]);
    const cuts = [...new Set([0, text.length, ...bounds])].sort((a, b) => a - b);
    for (let number = 0; number + 1 < cuts.length; number++) {
      const [from, to] = [Math.max(cuts[number], 0), Math.min(cuts[number + 1], text.length)];
      if (from >= to) continue;
      const over = ranges.filter((r) => r.start - start <= from && r.end - start >= to);
      const part = document.createElement(over.length ? "mark" : "span");
      part.className = SEVERITIES.find((each) => over.some((r) => r.severity === each)) ?? "";
      part.textContent = text.slice(from, to);
      row.append(part);
    }
  }
}
