/** Types of what we use of `@std/yaml`, no wider than those of the JSR package. */

export declare function parse(content: string): unknown;
